"""A demo's second network: a switch with a port for each node, and cables that can be pulled.

What is sent to a node on its second link goes to its port, and from there along its cable. A pulled
cable carries nothing either way. (Between the nodes' first links there is no switch: they go on
hearing each other, as two links are there for.)
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

Address = tuple[str, int]


class Cable(NamedTuple):
    """From a port of the switch to a node."""

    port: Address
    node: Address


class Switch:
    """Carries datagrams from one cable to another."""

    def __init__(self, cables: dict[str, Cable]) -> None:
        self._cables = cables
        self._senders = {cable.node: name for name, cable in cables.items()}
        self._pulled: set[str] = set()
        self._open: list[asyncio.DatagramTransport] = []

    async def start(self) -> None:
        """Open all ports. Raises OSError."""
        loop = asyncio.get_running_loop()
        for name, cable in self._cables.items():
            transport, _ = await loop.create_datagram_endpoint(
                lambda name=name: _Port(self, name),  # type: ignore[misc]
                local_addr=cable.port,
            )
            self._open.append(transport)

    def stop(self) -> None:
        while self._open:
            self._open.pop().close()

    def pull(self, name: str) -> None:
        self._pulled.add(name)

    def put_back(self, name: str) -> None:
        self._pulled.discard(name)

    def way(self, sender: Address, to: str) -> Address | None:
        """Where to carry a datagram on; None: nowhere."""
        by = self._senders.get(sender)
        if by is None or by in self._pulled or to in self._pulled:
            return None
        return self._cables[to].node


class _Port(asyncio.DatagramProtocol):
    """Where one node's datagrams come in."""

    def __init__(self, switch: Switch, name: str) -> None:
        self._switch, self._name = switch, name
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        way = self._switch.way(addr, self._name)
        if way is not None and self._transport is not None:
            self._transport.sendto(data, way)

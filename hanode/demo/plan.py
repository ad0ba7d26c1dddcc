"""Where everything of a demo is: folders, addresses, ports.

Node addresses are loopback addresses 127.77.N.x, with an N of each demo's own, so that demos live
side by side; only the service's address, 127.77.0.10, is the same for all, and there the port
tells them apart.
"""

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass
from pathlib import Path

from hanode.demo.switch import Cable

WEB_ADDRESS = "127.77.0.10"
HEARTBEAT_PORT = 6940
STREAM_PORT = 5566
NODES_MAX = 16
SECOND_LINK = 100
"""Added to the last octet of a node's first address gives its second."""
SWITCH = 200
"""Added to it gives the switch's port that leads to the second."""
SOCKET_PATH_MAX = 107
"""Longest path of a Unix socket, in bytes (unix(7))."""


class Unplannable(Exception):  # noqa: N818 - what the wish turns out to be
    """This demo can't be: where, why and what to do."""


class Taken(Exception):  # noqa: N818 - what the place is
    """Something else is there already: where, and what to do."""


@dataclass(frozen=True, slots=True)
class NodePlan:
    """One node of the demo: a folder, and two addresses for its two links."""

    name: str
    number: int
    folder: Path
    addresses: tuple[str, str]
    port: str
    """The switch's address that leads to the second."""

    @property
    def config(self) -> Path:
        return self.folder / "hanode.toml"

    @property
    def console_socket(self) -> Path:
        return self.folder / "run" / "console.sock"

    @property
    def pid_file(self) -> Path:
        return self.folder / "hanode.pid"

    @property
    def links(self) -> tuple[str, ...]:
        """Where it listens for heartbeats."""
        return tuple(f"{address}:{HEARTBEAT_PORT}" for address in self.addresses)

    @property
    def reached_at(self) -> tuple[str, ...]:
        """Where the others send them."""
        return tuple(f"{address}:{HEARTBEAT_PORT}" for address in (self.addresses[0], self.port))

    @property
    def cable(self) -> Cable:
        return Cable((self.port, HEARTBEAT_PORT), (self.addresses[1], HEARTBEAT_PORT))

    @property
    def stream(self) -> str:
        return f"{self.addresses[0]}:{STREAM_PORT}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole demo."""

    folder: Path
    port: int
    nodes: tuple[NodePlan, ...]

    @property
    def strip_socket(self) -> Path:
        return self.folder / "strip.sock"

    @property
    def console_config(self) -> Path:
        return self.folder / "hatui.toml"

    @property
    def web_url(self) -> str:
        return f"http://{WEB_ADDRESS}:{self.port}"


def check(folder: Path, count: int, port: int) -> None:
    """Whether such a demo can be at all. Raises Unplannable."""
    if not 1 <= count <= NODES_MAX:
        raise Unplannable(f"--nodes {count}: a demo has 1 to {NODES_MAX} nodes")
    if not 1 <= port <= 65535:
        raise Unplannable(f"--port {port}: a port is 1 to 65535")
    longest = folder / f"n{NODES_MAX}" / "run" / "console.sock"
    if len(str(longest).encode()) > SOCKET_PATH_MAX:
        raise Unplannable(f"{folder}: too long a path for Unix sockets in it; --dir a shorter one")


def make(folder: Path, count: int, port: int) -> Plan:
    """A demo below `folder` whose addresses are free right now. Raises Taken."""
    _check_web(port)
    first = hashlib.blake2b(f"{folder}:{port}".encode(), digest_size=2).digest()
    for step in range(254):
        subnet = 1 + (int.from_bytes(first, "big") + step) % 254
        plan = Plan(folder, port, _nodes(folder, count, subnet))
        if all(_node_is_free(node) for node in plan.nodes):
            return plan
    raise Taken("no 127.77.N.0/24 is free for the nodes; end another demo first")


def _nodes(folder: Path, count: int, subnet: int) -> tuple[NodePlan, ...]:
    return tuple(
        NodePlan(
            f"n{number}",
            number,
            folder / f"n{number}",
            (f"127.77.{subnet}.{number}", f"127.77.{subnet}.{number + SECOND_LINK}"),
            f"127.77.{subnet}.{number + SWITCH}",
        )
        for number in range(1, count + 1)
    )


def _check_web(port: int) -> None:
    problem = _bind_problem(socket.SOCK_STREAM, WEB_ADDRESS, port)
    if problem:
        raise Taken(f"{WEB_ADDRESS}:{port}, the address of web: {problem}; --port another")


def _node_is_free(node: NodePlan) -> bool:
    return not _bind_problem(socket.SOCK_STREAM, node.addresses[0], STREAM_PORT) and not any(
        _bind_problem(socket.SOCK_DGRAM, address, HEARTBEAT_PORT)
        for address in (*node.addresses, node.port)
    )


def _bind_problem(kind: socket.SocketKind, address: str, port: int) -> str:
    """Why nothing can listen there; empty if something can."""
    with socket.socket(socket.AF_INET, kind) as trial:
        if kind == socket.SOCK_STREAM:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
            if kind == socket.SOCK_STREAM:
                trial.listen(1)
        except OSError as error:
            return error.strerror or str(error)
    return ""

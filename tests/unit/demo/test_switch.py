"""The demo's network switch, with real datagrams."""

from __future__ import annotations

import asyncio
import socket

from hanode.demo.switch import Cable, Switch

PATIENCE = 0.2
"""Seconds in which what is not carried would long have come."""


def bound() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    one.setblocking(False)
    return one


async def heard(by: socket.socket) -> bytes | None:
    try:
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(by, 100), PATIENCE)
    except TimeoutError:
        return None


async def _scene() -> None:
    n1, n2, stranger = bound(), bound(), bound()
    free = [bound(), bound()]
    ports = [one.getsockname() for one in free]
    for one in free:
        one.close()
    cables = {"n1": Cable(ports[0], n1.getsockname()), "n2": Cable(ports[1], n2.getsockname())}
    switch = Switch(cables)
    await switch.start()
    n1.sendto(b"are you there?", ports[1])
    assert await heard(n2) == b"are you there?"
    stranger.sendto(b"me too", ports[1])
    assert await heard(n2) is None
    switch.pull("n1")
    n1.sendto(b"out", ports[1])
    n2.sendto(b"in", ports[0])
    assert await heard(n2) is None
    assert await heard(n1) is None
    switch.put_back("n1")
    n2.sendto(b"again", ports[0])
    assert await heard(n1) == b"again"
    switch.stop()
    for one in (n1, n2, stranger):
        one.close()


def test_a_pulled_cable_carries_nothing_either_way() -> None:
    asyncio.run(_scene())

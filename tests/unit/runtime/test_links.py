"""Heartbeat links on real sockets: every kind carries, a closed port is told."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hanode.events import Member
from hanode.runtime.config import Link, parse_address
from hanode.runtime.links import LinkSocket

PATIENCE_MS = 10_000

# Seconds by which the kernel's reading of the clock and the process's own (vDSO) may differ.
TWO_READINGS = 0.005


@pytest.fixture
def keep() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def bound(keep: ExitStack, host: str, port: int = 0, reuse: bool = False) -> socket.socket:
    made = keep.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    if reuse:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    made.bind((host, port))
    return made


def link_on(keep: ExitStack, made: socket.socket, kind: str, address: str, to: str) -> LinkSocket:
    link = LinkSocket(0, Link(kind, parse_address(address, 694), to), made.fileno())
    keep.callback(link.socket.detach)
    return link


def member(number: int, address: str) -> Member:
    return Member(f"n{number}", number, "data", b"", links=(address,))


def arrived(link: LinkSocket) -> bytes | None:
    poll = select.poll()
    poll.register(link.socket, select.POLLIN)
    poll.poll(PATIENCE_MS)
    received = link.receive()
    return received and received[0]


def address_of(made: socket.socket) -> str:
    return "{}:{}".format(*made.getsockname())


def test_the_kernel_says_when_a_datagram_came(keep: ExitStack) -> None:
    """Soon: where nobody has asked for stamps yet, it begins with them a moment later, and until
    then says when a datagram was read."""
    one, other = bound(keep, "127.0.0.1"), bound(keep, "127.0.0.1")
    link = link_on(keep, one, "unicast", address_of(one), "")
    late = [_lateness(link, one, other) for _ in range(20)]
    assert min(late) <= TWO_READINGS, late


def _lateness(link: LinkSocket, one: socket.socket, other: socket.socket) -> float:
    """By how much the stamp is later than the datagram may have come."""
    before = time.time()
    other.sendto(b"beat", one.getsockname())
    assert select.select([one], [], [], PATIENCE_MS / 1000)[0]
    after = time.time()
    time.sleep(10 * TWO_READINGS)  # It lies in the buffer: a stamp made on reading would be late.
    received = link.receive()
    assert received is not None
    assert before - TWO_READINGS <= received[1]
    return received[1] - after


def test_unicast_goes_to_each_member(keep: ExitStack) -> None:
    sockets = [bound(keep, "127.0.0.1") for _ in range(3)]
    links = [link_on(keep, s, "unicast", address_of(s), "") for s in sockets]
    members = [member(n, address_of(s)) for n, s in enumerate(sockets, 1)]
    assert links[0].follow("n1", members) == []
    links[0].send(b"beat")
    assert arrived(links[1]) == arrived(links[2]) == b"beat"
    links[0].send(b"for n3", "n3")
    assert arrived(links[2]) == b"for n3"
    assert links[0].receive() is None
    assert links[1].receive() is None


@pytest.mark.parametrize(
    ("kind", "to"), [("broadcast", "127.255.255.255"), ("multicast", "239.77.0.1")]
)
def test_one_datagram_for_all(keep: ExitStack, kind: str, to: str) -> None:
    first = bound(keep, to, reuse=True)
    port = first.getsockname()[1]
    sockets = [first, bound(keep, to, port, reuse=True)]
    links = [link_on(keep, s, kind, f"127.0.0.1:{port}", to) for s in sockets]
    links[0].send(b"beat")
    assert [arrived(link) for link in links] == [b"beat", b"beat"]
    again = link_on(keep, first, kind, f"127.0.0.1:{port}", to)  # as a process started again
    again.send(b"beat")
    assert arrived(links[1]) == b"beat"


def test_a_refused_port_is_told_with_its_owner(keep: ExitStack) -> None:
    gone = bound(keep, "127.0.0.1")
    address = address_of(gone)
    gone.close()
    own, other = bound(keep, "127.0.0.1"), bound(keep, "127.0.0.1")
    link = link_on(keep, own, "unicast", address_of(own), "")
    listener = link_on(keep, other, "unicast", address_of(other), "")
    link.follow("n1", [member(2, address), member(3, address_of(other))])
    for _ in range(5):
        link.send(b"beat")
        assert arrived(listener) == b"beat"
    poll = select.poll()
    poll.register(link.socket, 0)
    assert poll.poll(PATIENCE_MS) == [(link.socket.fileno(), select.POLLERR)]
    refused = link.refusals()
    assert refused
    assert set(refused) == {"n2"}
    assert link.unsendable == 0
    assert poll.poll(0) == []


def test_a_name_is_not_asked_of_a_name_server(keep: ExitStack) -> None:
    own = bound(keep, "127.0.0.1")
    link = link_on(keep, own, "unicast", address_of(own), "")
    (complaint,) = link.follow("n1", [member(2, "peer.example:694"), member(3, "127.0.0.1")])
    assert "peer.example" in complaint

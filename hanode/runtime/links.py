"""The UDP sockets of the heartbeat links: each sends to all peers, or hears that one is refused.

A unicast link sends a heartbeat to each member's address on it; a broadcast or multicast link sends
it once. The sockets are the supervisor's: they stay bound while heartbeat starts again, so that a
port is refused only when all of a node's hanode is gone. The kernel tells of refusals on the
socket's error queue (ip(7), IP_RECVERR), with the address that refused.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterable

from hanode.events import Member
from hanode.runtime.config import HEARTBEAT_PORT, Link, parse_address

DATAGRAM_MAX = 2048
"""Longer ones are cut, so they have a wrong length: no heartbeat is above 1,200 bytes."""
RECEIVE_BUFFER = 1 << 20
ERRORS_PER_TURN = 64
IP_RECVERR, IPV6_RECVERR = 11, 25
SO_TIMESTAMPNS = 35
"""socket(7) and asm-generic/socket.h; the socket module lacks it."""
_TIMESPEC = struct.Struct("@qq")
_ANCILLARY = socket.CMSG_SPACE(_TIMESPEC.size)
_EXTENDED_ERROR = struct.Struct("=IBBBBII")
_REFUSED_ORIGINS = (2, 3)
"""ICMP, ICMP for IPv6: the peer's kernel (or somebody on the way) said so."""

Destination = tuple[str, int]


class LinkSocket:
    """One heartbeat link."""

    def __init__(self, number: int, link: Link, descriptor: int) -> None:
        self.number = number
        self.socket = socket.socket(fileno=descriptor)
        self.socket.setblocking(False)
        self.unsendable = 0
        """Datagrams that the kernel did not take: no route, no buffer, a cable pulled."""
        self._fixed = bool(link.to)
        self._destinations: list[Destination] = []
        self._names: dict[Destination, str] = {}
        if self._fixed:
            self._destinations = [(link.to, link.address.port)]
        _prepare(self.socket, link)

    def follow(self, own: str, members: Iterable[Member]) -> list[str]:
        """Send to these members' addresses from now on; complaints about unusable ones."""
        complaints = []
        names = {}
        for member in members:
            if member.name == own or len(member.links) <= self.number:
                continue
            destination = _literal(member.links[self.number], self.socket.family)
            if destination is None:
                complaints.append(
                    f"{member.name}: {member.links[self.number]!r} is not an address on link "
                    f"{self.number + 1}: heartbeat asks no name server"
                )
            else:
                names[destination] = member.name
        self._names = names
        if not self._fixed:
            self._destinations = list(names)
        return complaints

    def send(self, data: bytes, peer: str = "") -> None:
        """To all peers, or to one."""
        for destination in self._destinations:
            if not peer or self._fixed or self._names[destination] == peer:
                self._send_to(data, destination)

    def receive(self) -> tuple[bytes, float] | None:
        """The next datagram, and when it came (wall clock); None when there is none now."""
        try:
            data, details, _, _ = self.socket.recvmsg(DATAGRAM_MAX, _ANCILLARY)
        except OSError:
            return None  # Nothing there, or an old send's error, which the queue tells better.
        return data, next(map(_stamp, details), 0.0)

    def refusals(self) -> list[str]:
        """The peers whose machines refused a datagram since this was last asked."""
        refused = []
        for _ in range(ERRORS_PER_TURN):
            try:
                _, details, _, address = self.socket.recvmsg(0, 512, socket.MSG_ERRQUEUE)
            except OSError:
                break
            name = self._names.get(tuple(address[:2])) if address else None
            if name is not None and any(_is_refusal(*detail) for detail in details):
                refused.append(name)
        return refused

    def _send_to(self, data: bytes, destination: Destination) -> None:
        """An error that waits from an earlier datagram is told in place of this one's sending; so
        each is tried twice."""
        for _ in range(2):
            try:
                self.socket.sendto(data, destination)
                return
            except OSError:
                continue
        self.unsendable += 1


def _stamp(detail: tuple[int, int, bytes]) -> float:
    """What the kernel wrote beside a datagram: the wall clock at its arrival, 0.0 if it did not."""
    level, kind, data = detail
    if (level, kind) != (socket.SOL_SOCKET, SO_TIMESTAMPNS) or len(data) != _TIMESPEC.size:
        return 0.0
    seconds, nanoseconds = _TIMESPEC.unpack(data)
    return float(seconds + nanoseconds / 1e9)


def _prepare(bound: socket.socket, link: Link) -> None:
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    bound.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    if bound.family == socket.AF_INET6:
        bound.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        bound.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    if link.kind == "multicast":
        _join(bound, link)


def _join(bound: socket.socket, link: Link) -> None:
    """Be of the multicast group, by the interface that has the link's address (IPv4)."""
    if bound.family != socket.AF_INET:
        raise OSError(errno.EAFNOSUPPORT, "multicast links are for IPv4; use unicast or broadcast")
    interface = socket.inet_aton(link.address.host)
    bound.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
    bound.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    try:
        membership = socket.inet_aton(link.to) + interface
        bound.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:  # An earlier life of this process has joined.
            raise


def _literal(text: str, family: int) -> Destination | None:
    """An address in figures; a name would need a name server, which may take seconds."""
    try:
        address = parse_address(text, HEARTBEAT_PORT)
        return socket.inet_ntop(family, socket.inet_pton(family, address.host)), address.port
    except (ValueError, OSError):
        return None


def _is_refusal(level: int, kind: int, data: bytes) -> bool:
    if (level, kind) not in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)):
        return False
    if len(data) < _EXTENDED_ERROR.size:
        return False
    number, origin, *_ = _EXTENDED_ERROR.unpack_from(data)
    return number == errno.ECONNREFUSED and origin in _REFUSED_ORIGINS

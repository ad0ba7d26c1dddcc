"""Streams to the other members: one for each pair, dialled by the member with the lower number.

Between up to eight members that is a full mesh of at most 28 idle SSH connections in the cluster;
each costs its node a keepalive every two seconds. Raft needs only the DC's (a follower holds a
stream to the DC), but a mesh has one ready when the DC changes, which is when time counts. Beyond
eight members dial on demand would be the better trade.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import asyncssh

from hanode.codec import LIMIT, Garbled
from hanode.events import Member
from hanode.inputs import PeerSaid, StreamClosed, StreamOpened
from hanode.messages import PEER
from hanode.runtime import tasks
from hanode.runtime.config import STREAM_PORT, parse_address
from hanode.runtime.journal import Journal
from hanode.runtime.lines import Line
from hanode.runtime.ssh import (
    ALGORITHMS,
    KEEPALIVE,
    PEER_SUBSYSTEM,
    ClientSession,
    LineSession,
    private_key,
    public_key,
)

DIAL_LIMIT = 3.0
BACK_OFF_FIRST = 0.05
BACK_OFF_MAX = 1.0
BACKLOG_MAX = 2 * LIMIT
"""Bytes that a peer may lag behind before its stream is cut (it then asks for what it missed)."""
SAY_AGAIN = 60.0
"""Why a peer can't be reached is said when it changes, and this often."""


class Peers:
    """Holds the streams; tells the node what comes and goes."""

    def __init__(
        self,
        own: str,
        host_seed: bytes,
        feed: Callable[[Any], None],
        journal: Journal,
        random: Random,
    ) -> None:
        self._own = own
        self._key = private_key(host_seed)
        self._feed = feed
        self._journal = journal
        self._random = random
        self._members: dict[str, Member] = {}
        self._lines: dict[str, Line] = {}
        self._diallers: dict[str, Dialler] = {}

    # --------------------------------------------------------------------------- who there is

    def set_members(self, members: Iterable[Member]) -> None:
        """Hold streams with these; with nobody else."""
        wanted = {member.name: member for member in members}
        own = wanted.pop(self._own, None)
        for name in [name for name in self._members if name not in wanted]:
            self._drop(name, "is no member any longer")
        for name, member in wanted.items():
            if self._members.get(name) != member:
                self._drop(name, "its keys or address changed")
            self._members[name] = member
            if own is not None and own.number < member.number and name not in self._diallers:
                self._diallers[name] = Dialler(self, member, self._random)

    def hurry(self, name: str) -> None:
        """The heartbeat hears this peer again: dial now."""
        dialler = self._diallers.get(name)
        if dialler is not None and name not in self._lines:
            dialler.hurry.set()

    def connected(self, name: str) -> bool:
        return name in self._lines

    def close(self) -> None:
        """End all streams."""
        for name in list(self._members):
            self._drop(name, "this node ends")

    def _drop(self, name: str, why: str) -> None:
        dialler = self._diallers.pop(name, None)
        if dialler is not None:
            dialler.cancel()
        line = self._lines.get(name)
        if line is not None:
            line.end(why, hard=True)
        self._members.pop(name, None)

    # -------------------------------------------------------------------------------- streams

    def admit(self, name: str, session: LineSession) -> None:
        """A stream is open (dialled by either end): it takes the place of an earlier one."""
        former = self._lines.get(name)
        if former is not None:
            former.end("replaced by a newer stream", hard=True)

        def lost(reason: str) -> None:
            if self._lines.get(name) is line:
                del self._lines[name]
                self._journal.info("stream closed", peer=name, why=reason)
                self._feed(StreamClosed(name))
            session.hang_up()

        line = Line(
            session.channel, lambda body: self._said(name, line, body), lost, LIMIT, BACKLOG_MAX
        )
        session.line = line
        self._lines[name] = line
        self._journal.info("stream open", peer=name)
        self._feed(StreamOpened(name))

    def send(self, name: str, message: Any) -> None:
        """Over the peer's stream; lost if there is none."""
        line = self._lines.get(name)
        if line is not None:
            line.send(PEER.pack(message))

    def _said(self, name: str, line: Line, body: bytes) -> None:
        try:
            message = PEER.unpack(body)
        except Garbled as error:
            self._journal.warning("a peer speaks nonsense", peer=name, what=error)
            line.end(f"garbled: {error}", hard=True)
            return
        self._feed(PeerSaid(name, message))

    def unreachable(self, member: Member, why: str) -> None:
        self._journal.warning("no stream", peer=member.name, address=member.stream, why=why)

    async def dial(self, member: Member) -> asyncssh.SSHClientConnection:
        """Connect to a member and open its stream. Raises OSError, asyncssh.Error, ValueError."""
        address = parse_address(member.stream, STREAM_PORT)
        connection = await asyncssh.connect(
            address.host,
            address.port,
            config=None,
            username=self._own,
            client_keys=[self._key],
            known_hosts=([public_key(member.host_key)], [], []),
            x509_trusted_certs=None,
            agent_path=None,
            gss_host=None,
            preferred_auth="publickey",
            server_host_key_algs=["ssh-ed25519"],
            connect_timeout=DIAL_LIMIT,
            login_timeout=DIAL_LIMIT,
            keepalive_interval=KEEPALIVE,
            client_version="hanode",
            **ALGORITHMS,
        )
        try:
            await connection.create_session(
                lambda: ClientSession(lambda session: self.admit(member.name, session)),
                subsystem=PEER_SUBSYSTEM,
                request_pty=False,
                encoding=None,
            )
        except BaseException:
            connection.abort()
            raise
        return connection


class Dialler:
    """Keeps trying to reach one member for as long as there is no stream with it."""

    def __init__(self, peers: Peers, member: Member, random: Random) -> None:
        self._peers = peers
        self._member = member
        self._random = random
        self.hurry = asyncio.Event()
        self._said = ("", 0.0)
        self._task = tasks.start(self._keep_connected())

    def cancel(self) -> None:
        self._task.cancel()

    async def _keep_connected(self) -> None:
        back_off = BACK_OFF_FIRST
        while True:
            self.hurry.clear()
            try:
                async with asyncio.timeout(DIAL_LIMIT):
                    connection = await self._peers.dial(self._member)
                await connection.wait_closed()
                back_off = BACK_OFF_FIRST
            except asyncssh.HostKeyNotVerifiable:
                self._failed("its host key is not the member's")
            except (OSError, asyncssh.Error, ValueError, TimeoutError) as error:
                self._failed(str(error) or type(error).__name__)
            await self._pause(back_off * self._random.uniform(0.7, 1.3))
            back_off = min(back_off * 2, BACK_OFF_MAX)

    def _failed(self, why: str) -> None:
        now = asyncio.get_running_loop().time()
        if why != self._said[0] or now > self._said[1] + SAY_AGAIN:
            self._said = (why, now)
            self._peers.unreachable(self._member, why)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.hurry.wait()
        except TimeoutError:
            return

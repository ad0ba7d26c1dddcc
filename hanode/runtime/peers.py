"""Streams to the other members, dialled by the member with the lower number of each pair.

Between up to eight members there is one for each pair: at most 28 idle SSH connections in the
cluster; each costs its node a keepalive every two seconds. Raft needs only the DC's (a follower
holds a stream to the DC), but a mesh has one ready when the DC changes, which is when time counts.
Beyond eight members only a few *hubs* hold a stream to everybody: the DC, and those who will be the
first to stand when it is gone. Whoever else has to speak to somebody dials then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from hanode.codec import LIMIT, WITH_STATE, Garbled
from hanode.events import Member
from hanode.inputs import PeerSaid, StreamClosed, StreamOpened
from hanode.peer_messages import PEER
from hanode.runtime import tasks
from hanode.runtime.config import STREAM_PORT, parse_address
from hanode.runtime.journal import Journal
from hanode.runtime.lines import Line
from hanode.runtime.ssh import (
    DIALLING,
    KEEPALIVE,
    PEER_SUBSYSTEM,
    ClientSession,
    LineSession,
    private_key,
    public_key,
)
from hanode.runtime.sshlib import asyncssh

DIAL_LIMIT, DIAL_LIMIT_MAX = 3.0, 12.0
"""Seconds for a stream to open; when it was too short, twice as long the next time. In a large
cluster that starts on few processors all are dialled at once, and it is more from the first."""
BACK_OFF_FIRST = 0.05
BACK_OFF_MAX = 1.0
BACKLOG_MAX = 2 * LIMIT
"""Bytes that a peer may lag behind before its stream is cut (it then asks for what it missed)."""
MESH_MAX = 8
"""Members, up to which each pair holds a stream."""
DIALS_AT_ONCE = 4
"""More handshakes at a time only make each of them late, here and there."""
PRECEDENCE = 5.0
"""Seconds that the member with the higher number of a pair waits for the other to dial."""
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
        self._number = 0
        """Our own, among the members."""
        self._hubs: frozenset[str] = frozenset()
        self.turn = asyncio.Semaphore(DIALS_AT_ONCE)
        """To dial."""

    # --------------------------------------------------------------------------- who there is

    def set_members(self, members: Iterable[Member]) -> None:
        """Hold streams with these; with nobody else."""
        wanted = {member.name: member for member in members}
        own = wanted.pop(self._own, None)
        self._number = own.number if own is not None else 0
        for name in [name for name in self._members if name not in wanted]:
            self._drop(name, "is no member any longer")
        for name, member in wanted.items():
            if self._members.get(name) != member:
                self._drop(name, "its keys or address changed")
            self._members[name] = member
        self._dial_wanted()

    def set_hubs(self, names: Iterable[str]) -> None:
        """In a large cluster, who holds a stream to everybody."""
        hubs = frozenset(names)
        if hubs != self._hubs:
            self._hubs = hubs
            self._dial_wanted()

    def _dial_wanted(self) -> None:
        for name in self._members:
            if self._wants(name):
                self._dial(name)
            elif name not in self._lines and name in self._diallers:
                self._diallers.pop(name).cancel()

    def _wants(self, name: str) -> bool:
        """Whether there should be a stream with this member all the time."""
        mesh = len(self._members) < MESH_MAX
        return self._number > 0 and (mesh or name in self._hubs or self._own in self._hubs)

    def _dial(self, name: str) -> None:
        """Keep a stream with it; in a mesh only if that is our part."""
        member = self._members[name]
        ours = len(self._members) >= MESH_MAX or self._number < member.number
        if ours and self._number and name not in self._diallers:
            self._diallers[name] = Dialler(self, member, self._random, self._number > member.number)

    def hurry(self, name: str) -> None:
        """The heartbeat hears this peer again: dial now."""
        dialler = self._diallers.get(name)
        if dialler is not None and name not in self._lines:
            dialler.hurry.set()

    @property
    def crowd(self) -> float:
        """How many times more there is to do than in the largest mesh, when all dial at once."""
        return max(1.0, len(self._members) / MESH_MAX)

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
                self.hurry(name)
            session.hang_up()

        line = Line(
            session.channel,
            lambda body: self._said(name, line, body),
            lost,
            WITH_STATE,
            BACKLOG_MAX,
        )
        session.line = line
        self._lines[name] = line
        self._journal.info("stream open", peer=name)
        self._feed(StreamOpened(name))

    def send(self, name: str, message: Any) -> None:
        """Over the peer's stream; lost if there is none, but then one is dialled."""
        line = self._lines.get(name)
        if line is not None:
            line.send(PEER.pack(message))
        elif name in self._members:
            self._dial(name)

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

    async def dial(self, member: Member, limit: float) -> asyncssh.SSHClientConnection:
        """Connect to a member and open its stream. Raises OSError, asyncssh.Error, ValueError."""
        address = parse_address(member.stream, STREAM_PORT)
        connection = await asyncssh.connect(
            address.host,
            address.port,
            username=self._own,
            client_keys=[self._key],
            known_hosts=([public_key(member.host_key)], [], []),
            connect_timeout=limit,
            login_timeout=limit,
            keepalive_interval=KEEPALIVE,
            **DIALLING,
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

    def __init__(self, peers: Peers, member: Member, random: Random, yields: bool) -> None:
        self._peers = peers
        self._member = member
        self._random = random
        self.hurry = asyncio.Event()
        self._said = ("", 0.0)
        self._yields = yields
        """The other end dials, too, and comes first."""
        self._task = tasks.start(self._keep_connected())

    def cancel(self) -> None:
        self._task.cancel()

    async def _keep_connected(self) -> None:
        back_off, limit = BACK_OFF_FIRST, DIAL_LIMIT * self._peers.crowd
        while True:
            self.hurry.clear()
            if self._yields:
                await asyncio.sleep(PRECEDENCE * self._peers.crowd)
            if self._peers.connected(self._member.name):
                await self.hurry.wait()  # The other end dialled; this tells of that stream's end.
                continue
            try:
                async with self._peers.turn:
                    if self._peers.connected(self._member.name):
                        continue  # The other end was quicker: turns are long in coming.
                    async with asyncio.timeout(limit):
                        connection = await self._peers.dial(self._member, limit)
                await connection.wait_closed()
                back_off, limit = BACK_OFF_FIRST, DIAL_LIMIT * self._peers.crowd
            except asyncssh.HostKeyNotVerifiable:
                self._failed("its host key is not the member's")
            except TimeoutError:
                self._failed(f"no answer in {limit:g} s")
                limit = min(limit * 2, DIAL_LIMIT_MAX * self._peers.crowd)
            except (OSError, asyncssh.Error, ValueError) as error:
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

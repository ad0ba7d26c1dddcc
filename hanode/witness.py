"""A third vote without services: votes always, keeps positions instead of entries.

Its log is one position with the hash there; a DC tells it each position that the DC has on disk.
So a node that lacks what was acknowledged is never elected, even while only one data node and
the witness are left (cluster rule 4).
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hanode.dc import Consensus, election, unwritable
from hanode.dc.learner import Memory
from hanode.effects import Persist, Saved, Send, SetPeers, SnapshotRecord, TellHeart, Wrote
from hanode.events import Member
from hanode.identity import Signer, Verifier
from hanode.ids import NodeName
from hanode.inputs import DiskFailed, DiskWorks, LocalSaid, PartUp, PeerSaid, StreamOpened
from hanode.local_messages import Heard, Standing
from hanode.peer_messages import Append, AppendReply, Remembered, Roster
from hanode.settings import Timing


class Witness:
    """The same face as hanode.node.Node, with far less behind it."""

    role = "witness"

    def __init__(
        self,
        name: NodeName,
        boot: int,
        timing: Timing,
        signer: Signer,
        verify: Verifier,
        random: Random,
        saved: Saved,
        now: float = 0.0,
        members: tuple[Member, ...] = (),
        cluster: bytes = b"",
    ) -> None:
        self.name = name
        self.timing = timing
        self.now = now
        self._members = members
        self._cluster = cluster
        self.seat = Consensus(name, boot, timing, random, saved, lambda base: b"", now)
        self._memory = Memory()
        self._stood_in: tuple[int, NodeName, str] | None = None
        """What the heartbeat was told of last."""
        self._count(members)
        self.seat.timers.set("standing", now)

    def deadline(self) -> float | None:
        return self.seat.timers.next()

    def step(self, given: Any, now: float) -> list[Any]:
        self.now = max(self.now, now)
        if isinstance(given, PartUp) and given.part == "heart":
            self.seat.out.append(TellHeart(Roster(self._cluster, self._members)))
            self._stand()
        elif isinstance(given, LocalSaid) and isinstance(given.message, Heard):
            heard = given.message
            self._memory.note(heard.peers)
            self.seat.seen(heard.view, heard.echoed, self.now, heard.claimants)
        elif isinstance(given, StreamOpened):
            remembered = self._memory.of(given.peer, self.seat)
            if remembered is not None:
                self.seat.send(given.peer, remembered)
        elif isinstance(given, PeerSaid):
            self._told(given)
        elif isinstance(given, Wrote):
            self.seat.wrote(given, self.now)
        elif isinstance(given, DiskFailed):
            unwritable.failed(self.seat, given.why, self.now)
        elif isinstance(given, DiskWorks):
            unwritable.works(self.seat)
        for timer in self.seat.timers.due(self.now):
            if timer == "standing":
                self._stand()
            else:
                self.seat.ring(timer, self.now)
        if self._stood_in != self.seat.standing:
            self._stand()  # who has voted gives the DC of before no lease
        effects, self.seat.out = self.seat.out, []
        return effects

    def _told(self, said: PeerSaid) -> None:
        message = said.message
        if isinstance(message, Append) and message.leader == said.peer:
            self._position(message)
        elif isinstance(message, Remembered):
            pass  # a witness keeps no log that could be an older copy's; see the manual
        elif isinstance(message, Roster):
            self._learn(said.peer, message)
        else:
            self.seat.told(said.peer, message, self.now)

    def _learn(self, peer: NodeName, roster: Roster) -> None:
        """The DC says who the members are; its driver keeps that on disk."""
        known = peer == self.seat.leader and roster.cluster == self._cluster
        if not known or roster.members == self._members:
            return
        self._members = roster.members
        self._count(roster.members)
        self.seat.out.append(SetPeers(roster.members, ()))
        self.seat.out.append(TellHeart(roster))

    def _count(self, members: tuple[Member, ...]) -> None:
        data = tuple(sorted(m.name for m in members if m.role == "data"))
        witnesses = tuple(sorted(m.name for m in members if m.role == "witness"))
        self.seat.members(data, witnesses)

    def _position(self, message: Append) -> None:
        """The DC's log ends here, on its disk."""
        seat = self.seat
        reply = AppendReply(
            max(seat.term, message.term), self.name, seat.boot, message.round,
            message.term >= seat.term, message.previous.index,
        )  # fmt: skip
        if message.term < seat.term:
            seat.send(message.leader, reply)
            return
        if seat.boot_of(message.leader) != message.boot:
            return
        if message.term > seat.term:
            election.step_down(seat, message.term, self.now, f"{message.leader} leads")
        election.follow(seat, message.leader, message.boot, self.now)
        if seat.trouble:
            seat.send(message.leader, replace(reply, match=0, learner=True))
            return
        if message.previous <= seat.log.last:  # a new DC does not know yet what is committed
            told = Send(message.leader, reply)
            if seat.log.settled:
                seat.out.append(told)
            else:
                seat.write(Persist(then=(told,)))
            return
        seat.log.reset(message.previous, message.previous_hash)
        kept = SnapshotRecord(message.previous, message.previous_hash, b"")
        then = (Wrote(message.previous, seat.term), Send(message.leader, reply))
        seat.write(Persist(snapshot=kept, truncate=message.previous.index, then=then))

    def _stand(self) -> None:
        seat = self.seat
        position = seat.highest if seat.trouble else seat.log.last
        standing = Standing(seat.term, seat.leader, position, True, 0, not seat.trouble)
        seat.out.append(TellHeart(standing))
        self._stood_in = seat.standing
        seat.timers.set("standing", self.now + self.timing.keepalive * 3)

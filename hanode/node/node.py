"""The crm's core: what reaches a node, and in which order it reacts.

`step` gives the input to the part that it concerns; then, always in the same order: committed
entries are applied, the LRM learns of a new term, a DC does its duties, a node without quorum
does its own, subscribers are told.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hanode.dc import Consensus, election, unwritable
from hanode.dc.learner import Memory, caught_up, reminded
from hanode.effects import (
    Answer,
    Saved,
    Say,
    Send,
    StartPe,
    StopPe,
    TellHeart,
    Wrote,
)
from hanode.events import (
    Event,
    Member,
)
from hanode.identity import Signer, Verifier
from hanode.ids import NodeName
from hanode.inputs import (
    Asked,
    ClientGone,
    Decided,
    DiskFailed,
    DiskWorks,
    LocalSaid,
    PartDown,
    PartUp,
    PeerSaid,
    StreamClosed,
    StreamOpened,
    Wake,
    WallClock,
)
from hanode.messages import (
    Alive,
    FenceOrder,
    Heard,
    Order,
    Propose,
    Proposed,
    Remembered,
    Roster,
    Standing,
    Telemetry,
    View,
)
from hanode.mgmt.protocol import Denied
from hanode.node.ailing import Ailing
from hanode.node.coordination import Coordination
from hanode.node.desk import Desk
from hanode.node.facts import Facts
from hanode.node.folding import Folding
from hanode.node.hands import Hands
from hanode.node.isolation import Isolation
from hanode.node.proposals import Proposals
from hanode.node.reactions import Reactions
from hanode.node.remotes import Remotes
from hanode.node.roll import Roll
from hanode.node.survivor import Survivor
from hanode.settings import STANDING_LIMIT, Timing
from hanode.state import ClusterState

PE_LINGERS = 30.0
"""Seconds that a PE is kept which is not needed just now: starting one is dear, and elections on a
busy machine come in bursts."""


class Node:
    """One data node's mind. `role` is follower, trial, candidate or dc."""

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
        enrolled: tuple[Member, ...] = (),
        cluster: bytes = b"",
    ) -> None:
        self.name = name
        self.boot = boot
        self.timing = timing
        self.now = now
        self.state = ClusterState()
        self.pulse = Heard(View(0, (), False), (), 0.0)
        """The heartbeat's latest news."""
        self._stood_in: tuple[int, NodeName, str] | None = None
        """The term, the DC and the disk's trouble that the heartbeat was told of last."""
        self.verify = verify
        self._pe_kept = False
        self._had_quorum = False
        """Ever, in this life of the crm."""
        self._heart_up = now
        """When the heartbeat process was last connected."""
        self._wall = 0.0
        self._wall_at = now
        self.roll = Roll(self, enrolled, cluster)
        self.folding = Folding(self)
        self.reactions = Reactions(self)
        self.seat = Consensus(name, boot, timing, random, saved, self.folding.snapshots.at, now)
        self.memory = Memory()
        self.facts = Facts(name, boot, signer, random)
        self.proposals = Proposals(self)
        self.hands = Hands(self)
        self.remotes = Remotes(self)
        self.coordination = Coordination(self)
        self.isolation = Isolation(self)
        self.survivor = Survivor(self)
        self.ailing = Ailing(self)
        self.desk = Desk(self, random)
        self._begin(saved)
        self._handlers: dict[type, Callable[[Any], None]] = {
            Wake: lambda _: None,
            WallClock: self._wall_clock,
            PartUp: self._part_up,
            PartDown: self._part_down,
            LocalSaid: self._local,
            StreamOpened: self._stream_opened,
            StreamClosed: lambda closed: self.seat.stream_closed(closed.peer, self.now),
            PeerSaid: self._peer,
            Wrote: lambda wrote: self.seat.wrote(wrote, self.now),
            DiskFailed: lambda failed: unwritable.failed(self.seat, failed.why, self.now),
            DiskWorks: lambda _: unwritable.works(self.seat),
            Decided: self._decided,
            Asked: lambda asked: self.desk.asked(asked),
            ClientGone: lambda gone: self.desk.gone(gone.client),
        }

    def _begin(self, saved: Saved) -> None:
        """From what the disk remembers."""
        self.folding.restore(saved)
        self.coordination.shooting.replaced()
        self.roll.restore(saved)
        self.folding.go_on()
        self.roll.changed()
        self.reactions.end_if_over()
        self.seat.timers.set("standing", self.now)

    # ---------------------------------------------------------------------------------- the face

    @property
    def role(self) -> str:
        return self.seat.role

    @property
    def quorum_lost_at(self) -> float | None:
        """Since when this node must act as one without quorum; None while it has it, or may yet
        get it: a cluster that comes up is given `initdead`, a heartbeat process that was just
        started again two deadtimes."""
        if self.pulse.view.quorate or not self.state.members:
            return None
        if self.pulse.lease_until > 0:
            return self.pulse.lease_until
        patience = 2 * self.timing.deadtime if self._had_quorum else self.timing.initdead
        return self._heart_up + patience

    @property
    def out(self) -> list[Any]:
        """The effects of the step under way."""
        return self.seat.out

    def deadline(self) -> float | None:
        return self.seat.timers.next()

    def step(self, given: Any, now: float) -> list[Any]:
        """React to one input; give back what should be done, in order."""
        self.now = max(self.now, now)
        self._handlers[type(given)](given)
        for timer in self.seat.timers.due(self.now):
            self._ring(timer)
        self._advance()
        effects, self.seat.out = self.seat.out, []
        return effects

    def _advance(self) -> None:
        """What follows from whatever has just happened."""
        caught_up(self.seat)
        self.folding.go_on()
        self.hands.follow_term()
        self.remotes.follow_term()
        self._keep_pe()
        self.coordination.attend()
        self.survivor.attend()
        self.isolation.attend()
        self.roll.attend()
        self.ailing.attend()
        self.desk.subscribers.attend()
        if self._stood_in != (self.seat.term, self.seat.leader, self.seat.trouble):
            self._stand()

    def _keep_pe(self) -> None:
        """A PE is at hand on the DC, on who may be the next, and on a node without quorum."""
        alone = self.quorum_lost_at
        needed = (
            self.seat.role != "follower"
            or election.heir(self.seat)
            or (alone is not None and self.now >= alone and self.isolation.concerned)
        )
        if needed:
            self.seat.timers.clear("pe")
        elif self._pe_kept and self.seat.timers.at("pe") is None:
            self.seat.timers.set("pe", self.now + PE_LINGERS)
        if needed and not self._pe_kept:
            self._pe_kept = True
            self.out.append(StartPe())

    # ----------------------------------------------------------------------------- what comes in

    def _ring(self, timer: str) -> None:
        if timer == "standing":
            self._stand()
        elif timer == "repeat":
            self.proposals.repeat()
        elif timer == "pulse":
            self.desk.subscribers.pulse_due()
        elif timer == "patience":
            self.desk.commands.give_up_waiting()
        elif timer == "alone-rule":
            self.hands.say_alone_rule()
        elif timer == "recheck":
            self.coordination.recheck()
        elif timer == "pe":
            self._pe_kept = False
            self.out.append(StopPe())
        elif timer in ("election", "announce", "commit", "disk"):
            self.seat.ring(timer, self.now)
        # The rest (coordination's, isolation's) only needed this wake-up.

    def _wall_clock(self, clock: WallClock) -> None:
        self._wall, self._wall_at = clock.at, self.now

    def _part_up(self, up: PartUp) -> None:
        if up.part == "heart":
            self._heart_up = self.now
            self.roll.tell_heart()
            self._stand()
        elif up.part == "lrm":
            self.hands.up()
        elif up.part == "remote":
            self.remotes.up()

    def _part_down(self, down: PartDown) -> None:
        if down.part == "lrm":
            self.hands.down()
        elif down.part == "remote":
            self.remotes.down()

    def _local(self, said: LocalSaid) -> None:
        message = said.message
        if said.part == "remote":
            self.remotes.heard(message)
        elif isinstance(message, Heard):
            self._heard(message)
        elif isinstance(message, Telemetry):
            self.desk.subscribers.telemetry(message)
        elif not isinstance(message, Alive):
            self.hands.heard(message)

    def _heard(self, heard: Heard) -> None:
        """The heartbeat's news. One that was just started again has no view yet: for a moment the
        last one stands, as it does in everybody else's eyes."""
        reborn = not heard.view.members and self.now < self._heart_up + self.timing.deadtime
        if reborn and self.pulse.view.quorate:
            return
        news = heard.view != self.pulse.view
        self.pulse = heard
        self._had_quorum = self._had_quorum or heard.view.quorate
        echoed = {peer.name: peer.echoed_at for peer in heard.peers}
        self.memory.note(heard.peers)
        self.seat.seen(heard.view, echoed, self.now)
        self.desk.subscribers.pulse_changed()
        self._stand()
        if news:
            self.roll.tell_outsiders()

    def _stream_opened(self, opened: StreamOpened) -> None:
        remembered = self.memory.of(opened.peer, self.seat)
        if remembered is not None:
            self.send(opened.peer, remembered)
        self.seat.stream_opened(opened.peer, self.now)
        self.roll.tell_outsiders()
        if self.seat.leader == opened.peer:
            self.proposals.bring_again()
        self.coordination.walking.stream_opened(opened.peer)
        self.roll.tell_witnesses()

    def _peer(self, said: PeerSaid) -> None:
        message = said.message
        if isinstance(message, Propose):
            self.proposals.brought(said.peer, message)
        elif isinstance(message, Proposed):
            self.desk.commands.proposed(message)
        elif isinstance(message, Roster):
            self.roll.told(said.peer, message)
        elif isinstance(message, Remembered):
            if said.peer in self.seat.everybody:
                reminded(self.seat, said.peer, message)
        elif isinstance(message, Order):
            if said.peer == self.seat.leader:
                self.hands.order(message)
        elif isinstance(message, FenceOrder):
            if said.peer == self.seat.leader:
                self.hands.fence(message)
        else:
            before = self.seat.leader
            self.seat.told(said.peer, message, self.now)
            if self.seat.leader not in ("", before):
                self.proposals.bring_again()

    def _decided(self, decided: Decided) -> None:
        if not self.isolation.decided(decided):
            self.coordination.decided(decided)

    # ------------------------------------------------------------------------------------- facts

    def clock(self) -> float:
        """The wall clock, for people: epoch seconds."""
        return self._wall + (self.now - self._wall_at)

    def state_fact(
        self, event: Event, cause: str = "", basis: int | None = None, question: str = ""
    ) -> None:
        """State it; it is said again until it stands in the log."""
        cluster = self.state.cluster
        at = self.clock()
        proposal = self.facts.state(event, cluster, at, self.now, cause, basis, question)
        self.proposals.bring(proposal)

    def _stand(self) -> None:
        seat = self.seat
        if seat.timers.at("alone-rule") is None:
            self.hands.say_alone_rule()
        running = 0 if self.survivor.holds_on else self.coordination.running_here()
        position = seat.highest if seat.trouble else seat.log.position_at(seat.log.durable)
        lrm, disk = self.hands.connected, not seat.trouble
        self.out.append(TellHeart(Standing(seat.term, seat.leader, position, lrm, running, disk)))
        self._stood_in = (seat.term, seat.leader, seat.trouble)
        self.seat.timers.set("standing", self.now + STANDING_LIMIT / 2)

    def say(self, level: str, text: str, **details: Any) -> None:
        self.out.append(Say(level, text, details))

    def send(self, peer: NodeName, message: Any) -> None:
        self.out.append(Send(peer, message))

    def answer(self, client: str, message: Any) -> None:
        self.out.append(Answer(client, message))

    def deny(self, asked: Asked, code: str, why: str) -> None:
        self.answer(asked.client, Denied(getattr(asked.request, "number", 0), code, why))

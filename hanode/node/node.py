"""The crm's core: what reaches a node, and in which order it reacts.

`step` gives the input to the part that it concerns; then, always in the same order: committed
entries are applied, the LRM learns of a new term, a DC does its duties, a node without quorum
does its own, subscribers are told.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from random import Random
from typing import Any

from hanode.codec import Garbled
from hanode.dc import Consensus, election
from hanode.dc.learner import Memory, caught_up, reminded
from hanode.effects import (
    Exit,
    Saved,
    Say,
    Send,
    SetPeers,
    StartPe,
    StopPe,
    TellHeart,
    Wrote,
)
from hanode.events import (
    ClusterFounded,
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    HistoryCleared,
    Member,
    MemberAdded,
    MemberRemoved,
    NodeLeft,
    OperationFinished,
    OperatorAdded,
    OperatorRemoved,
    Statement,
    ViewAgreed,
    parts,
)
from hanode.identity import Signer, Verifier
from hanode.ids import NodeName
from hanode.inputs import (
    Asked,
    ClientGone,
    Decided,
    LocalSaid,
    PartDown,
    PartUp,
    PeerSaid,
    StreamClosed,
    StreamOpened,
    Wake,
    WallClock,
)
from hanode.membership.heart import STANDING_LIMIT
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
from hanode.node.coordination import Coordination
from hanode.node.desk import Desk
from hanode.node.facts import Facts
from hanode.node.hands import Hands
from hanode.node.isolation import Isolation
from hanode.node.proposals import Proposals
from hanode.node.remotes import Remotes
from hanode.node.snapshots import Snapshots
from hanode.node.survivor import Survivor
from hanode.node.voters import Voters
from hanode.settings import Timing
from hanode.state import ClusterState, apply
from hanode.state.fold import skip
from hanode.state.lawful import objection

PE_LINGERS = 30.0
"""Seconds that a PE is kept which is not needed just now: starting one is dear, and elections on a
busy machine come in bursts."""
LEARNER = "learner"
"""The role, in the heartbeat's eyes, of a member whose vote doesn't count now."""
_ROSTER_CHANGES = (ClusterFounded, MemberAdded, MemberRemoved, OperatorAdded, OperatorRemoved)


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
        self._stood_in: tuple[int, NodeName] | None = None
        """The term and the DC that the heartbeat was told of last."""
        self.verify = verify
        self._cluster = cluster
        """From the enrolment, for as long as the log is empty."""
        self._voters = Voters(name, enrolled)
        self._pe_kept = False
        self._had_quorum = False
        """Ever, in this life of the crm."""
        self._heart_up = now
        """When the heartbeat process was last connected."""
        self._wall = 0.0
        self._wall_at = now
        self.snapshots = Snapshots()
        self.seat = Consensus(name, boot, timing, random, saved, self.snapshots.at, now)
        self.memory = Memory()
        self.facts = Facts(name, boot, signer, random)
        self.proposals = Proposals(self)
        self.hands = Hands(self)
        self.remotes = Remotes(self)
        self.coordination = Coordination(self)
        self.isolation = Isolation(self)
        self.survivor = Survivor(self)
        self.desk = Desk(self, random)
        self._restore(saved)
        self.seat.timers.set("standing", now)
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
            Decided: self._decided,
            Asked: lambda asked: self.desk.asked(asked),
            ClientGone: lambda gone: self.desk.gone(gone.client),
        }

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
        self._apply_committed()
        self.hands.follow_term()
        self.remotes.follow_term()
        self._keep_pe()
        self.coordination.attend()
        self.survivor.attend()
        self.isolation.attend()
        self.desk.attend()
        if self._stood_in != (self.seat.term, self.seat.leader):
            self._stand()

    def _keep_pe(self) -> None:
        """A PE is at hand on the DC, on who may be the next, and on a node without quorum."""
        alone = self.quorum_lost_at
        needed = (
            self.seat.role != "follower"
            or election.heir(self.seat)
            or (alone is not None and self.now >= alone)
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
            self.proposals.bring_again()
        elif timer == "pulse":
            self.desk.pulse_due()
        elif timer == "alone-rule":
            self.hands.say_alone_rule()
        elif timer == "recheck":
            self.coordination.recheck()
        elif timer == "pe":
            self._pe_kept = False
            self.out.append(StopPe())
        elif timer in ("election", "announce"):
            self.seat.ring(timer, self.now)
        # The rest (coordination's, isolation's) only needed this wake-up.

    def _wall_clock(self, clock: WallClock) -> None:
        self._wall, self._wall_at = clock.at, self.now

    def _part_up(self, up: PartUp) -> None:
        if up.part == "heart":
            self._heart_up = self.now
            self._say_roster()
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
            self.desk.telemetry(message)
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
        self.desk.pulse_changed()
        self._stand()
        if news:
            self._tell_outsiders()

    def _stream_opened(self, opened: StreamOpened) -> None:
        remembered = self.memory.of(opened.peer, self.seat)
        if remembered is not None:
            self.send(opened.peer, remembered)
        self.seat.stream_opened(opened.peer, self.now)
        self._tell_outsiders()
        if self.seat.leader == opened.peer:
            self.proposals.bring_again()
        self.coordination.walking.stream_opened(opened.peer)
        self._tell_witnesses()

    def _peer(self, said: PeerSaid) -> None:
        message = said.message
        if isinstance(message, Propose):
            self.proposals.brought(said.peer, message)
        elif isinstance(message, Proposed):
            self.desk.proposed(message)
        elif isinstance(message, Roster):
            known = said.peer in self.seat.everybody and message.cluster == self.state.cluster
            if known and self._voters.heard_of(message.members, message.as_of, self.state):
                self._say_roster()
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
        proposal = self.facts.state(event, cluster, self.clock(), cause, basis, question)
        self.proposals.bring(proposal)

    # ------------------------------------------------------------------------------ the log's way

    def _apply_committed(self) -> None:
        seat = self.seat
        if seat.dropped:
            self.facts.forget(seat.dropped)
            seat.dropped = []
        if seat.installed is not None:
            self._take_snapshot()
        while self.state.position.index < seat.commit:
            entry = seat.log.entry(self.state.position.index + 1)
            self._apply(entry)
        self.out.extend(self.snapshots.when_due(self.state, seat.log))

    def _apply(self, entry: Entry) -> None:
        try:
            statement, event = entry.signed.open()
        except Garbled as error:
            skip(self.state, entry)
            self.say("error", f"entry {entry.index} can't be read: {error}")
            return
        no = objection(self.state, entry.signed, statement, event, self.verify, entry.term)
        if no:
            skip(self.state, entry)
            self.say("error", f"entry {entry.index} has no force: {no}")
            return
        apply(self.state, entry, statement, event)
        self.facts.first_time(statement.id)
        self._noticed(entry, statement, event)

    def _noticed(self, entry: Entry, statement: Statement, event: Event) -> None:
        """This has happened; whoever asked for it is told."""
        self.desk.noticed(entry, event, self.facts.settle(statement.id))
        for part in parts(event):
            self._react(entry, statement, part)

    def _react(self, entry: Entry, statement: Statement, event: Event) -> None:
        """One short reaction per concern."""
        if isinstance(event, _ROSTER_CHANGES):
            self.members_changed()
            self._tell_outsiders()
        if isinstance(event, (*_ROSTER_CHANGES, DcElected)):
            self._tell_witnesses()
        if isinstance(event, OperationFinished) and statement.actor == self.name:
            self.hands.settled(event)
            self.remotes.settled(event)
        if isinstance(event, HistoryCleared):
            self.hands.cleared(event)
        if isinstance(event, ViewAgreed) and self._counted_in_again():
            self.hands.report_again()
        self.survivor.noticed(event)
        self.coordination.noticed(entry, statement, event)
        left = isinstance(event, NodeLeft) and (event.node, event.boot) == (self.name, self.boot)
        if left and self._voters.is_us(self.state.members.get(self.name)):
            self.out.append(Exit("left the cluster as ordered", left=True))
        if isinstance(event, FencingConfirmed):
            self._end_if_over()

    def _end_if_over(self) -> None:
        """Fenced on paper and yet alive: nothing that this boot says counts any more."""
        own = self.state.nodes.get(self.name)
        us = self._voters.is_us(self.state.members.get(self.name))
        if us and own is not None and own.fenced >= self.boot:
            self.out.append(Exit("this boot was declared over; a new one begins", anew=True))

    def _counted_in_again(self) -> bool:
        own = self.state.nodes.get(self.name)
        return own is not None and own.present and own.boot == self.boot and not own.reported

    def members_changed(self) -> None:
        """Who belongs here, or whose vote counts, is other than before."""
        members = self._voters.members(self.state)
        begun = self.seat.log.last.index > 0  # without any log, it votes and does not stand
        data = tuple(m.name for m in members if m.role == "data" and (begun or m.name != self.name))
        witnesses = tuple(m.name for m in members if m.role == "witness")
        withheld = self.survivor.withheld(self._voters.withheld(self.state))
        self.seat.members(data, witnesses, withheld)
        self.memory.keep(self.seat.everybody)
        operators = tuple(self.state.operators[name] for name in sorted(self.state.operators))
        self.out.append(SetPeers(members, operators))
        self._say_roster()

    def _say_roster(self) -> None:
        members = self._voters.members(self.state)
        cluster = self.state.cluster or self._cluster
        if members and cluster:
            heard = {member.name: self._as_it_votes(member) for member in members}
            for hint in self._voters.hinted(self.state):
                # A hint takes no vote away: a namesake of before counts on, as the log has it.
                role = heard[hint.name].role if hint.name in heard else LEARNER
                heard[hint.name] = dataclasses.replace(hint, role=role)
            roster = Roster(cluster, tuple(heard.values()), self.state.position.index)
            self.out.append(TellHeart(roster))

    def _as_it_votes(self, member: Member) -> Member:
        """For the heartbeat, which counts votes by role."""
        withheld = member.name in self.seat.withheld
        return dataclasses.replace(member, role=LEARNER) if withheld else member

    def _tell_outsiders(self) -> None:
        """With quorum: who the members are, to those in reach that are in no view with us. They
        must hear a new member to be let into one with it."""
        if self.pulse.view.quorate:
            for peer in sorted(self.seat.streams.difference(self.pulse.view.names)):
                if peer in self.seat.data:
                    self.send(peer, self._roster_as_the_log_has_it())

    def _roster_as_the_log_has_it(self) -> Roster:
        members = tuple(self.state.members[name] for name in sorted(self.state.members))
        return Roster(self.state.cluster, members, self.state.position.index)

    def _tell_witnesses(self) -> None:
        """As the DC: who the members are, since a witness keeps no entries to learn it from."""
        if self.seat.leads:
            for witness in self.seat.witnesses:
                self.send(witness, self._roster_as_the_log_has_it())

    def _stand(self) -> None:
        seat = self.seat
        if seat.timers.at("alone-rule") is None:
            self.hands.say_alone_rule()
        running = 0 if self.survivor.holds_on else self.coordination.running_here()
        position = seat.log.position_at(seat.log.durable)
        lrm = self.hands.connected
        self.out.append(TellHeart(Standing(seat.term, seat.leader, position, lrm, running)))
        self._stood_in = (seat.term, seat.leader)
        self.seat.timers.set("standing", self.now + STANDING_LIMIT / 2)

    # ------------------------------------------------------------------------- from disk, from afar

    def _restore(self, saved: Saved) -> None:
        """The state that this disk holds for certain: the snapshot, and a founding entry."""
        if saved.snapshot is not None:
            self.state = self.snapshots.restore(saved.snapshot)
        elif saved.entries and saved.entries[0].index == 1:
            self.seat.commit = 1  # the founding is committed by decree
        self._voters.found_on_disk(saved.entries, self.seat.commit)
        self._apply_committed()
        self.members_changed()
        self._end_if_over()

    def _take_snapshot(self) -> None:
        """The DC's fold in place of ours, which lags too far behind its log."""
        snapshot, self.seat.installed = self.seat.installed, None
        assert snapshot is not None
        state = self.snapshots.take(snapshot)
        if state is None:
            self.out.append(Exit("the DC's snapshot can't be read"))
            return
        self.state = state
        self.members_changed()
        self.desk.state_replaced()
        self._end_if_over()

    def say(self, level: str, text: str, **details: Any) -> None:
        self.out.append(Say(level, text, details))

    def send(self, peer: NodeName, message: Any) -> None:
        self.out.append(Send(peer, message))

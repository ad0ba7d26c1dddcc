"""The crm's core: the parts of a node, and in which order they react.

`step` gives the input to the part that it concerns (`doors`); then, always in the same order:
committed entries are applied, the LRM learns of a new term, a DC does its duties, a node without
quorum does its own, subscribers are told.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.dc import Consensus, election
from hanode.dc.learner import Memory, caught_up
from hanode.effects import Answer, Saved, Say, Send, StartPe, StopPe, TellHeart
from hanode.events import Event, Member
from hanode.identity import Signer, Verifier
from hanode.ids import NodeName
from hanode.inputs import Asked, WallClock
from hanode.local_messages import Heard, Standing
from hanode.mgmt.protocol import Denied
from hanode.node.ailing import Ailing
from hanode.node.coordination import Coordination
from hanode.node.desk import Desk
from hanode.node.doors import Doors
from hanode.node.facts import Facts
from hanode.node.folding import Folding
from hanode.node.hands import HUNG_LIMIT, Hands
from hanode.node.heart_news import HeartNews
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
        self._stood_in: tuple[int, NodeName, str] | None = None
        """What the heartbeat was told of last."""
        self.verify = verify
        self._pe_kept = False
        self.wall = WallClock(0.0)
        self.wall_at = now
        """The wall clock as it was told last, and when."""
        self.doors = Doors(self)
        self.heart = HeartNews(self, now)
        self.roll = Roll(self, enrolled, cluster)
        self.folding = Folding(self)
        self.reactions = Reactions(self)
        folds = self.folding.snapshots
        self.seat = Consensus(name, boot, timing, random, saved, folds.at, now, folds.take)
        self.memory = Memory()
        self.facts = Facts(name, boot, signer, now)
        self.proposals = Proposals(self)
        self.hands = Hands(self)
        self.remotes = Remotes(self)
        self.coordination = Coordination(self)
        self.isolation = Isolation(self)
        self.survivor = Survivor(self)
        self.ailing = Ailing(self)
        self.desk = Desk(self, random)
        self._begin(saved)

    def _begin(self, saved: Saved) -> None:
        """From what the disk remembers."""
        self.folding.restore(saved)
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
    def pulse(self) -> Heard:
        """The heartbeat's latest news."""
        return self.heart.latest

    @property
    def quorum_lost_at(self) -> float | None:
        """Since when this node must act as one without quorum; None while it has it."""
        return self.heart.quorum_lost_at

    @property
    def out(self) -> list[Any]:
        """The effects of the step under way."""
        return self.seat.out

    def deadline(self) -> float | None:
        return self.seat.timers.next()

    def step(self, given: Any, now: float) -> list[Any]:
        """React to one input; give back what should be done, in order."""
        asleep = now > self.now + STANDING_LIMIT  # it is woken twice in that time, at least
        self.now = max(self.now, now)
        if asleep:
            self.hands.woke()
            self.survivor.woke()
        self.doors.take(given)
        for timer in self.seat.timers.due(self.now):
            self.doors.ring(timer)
        self._advance()
        effects, self.seat.out = self.seat.out, []
        return effects

    def _advance(self) -> None:
        """What follows from whatever has just happened."""
        caught_up(self.seat)
        self.folding.go_on()
        self.hands.follow_term()
        self.hands.tell_what_is_known()
        self.remotes.follow_term()
        self._keep_pe()
        self.coordination.attend()
        self.survivor.attend()
        self.isolation.attend()
        self.roll.attend()
        self.ailing.attend()
        self.desk.subscribers.attend()
        if self._stood_in != self.seat.standing:
            self.stand()

    def _keep_pe(self) -> None:
        """A PE is at hand on the DC, on who may be the next, and on a node without quorum."""
        alone = self.quorum_lost_at
        needed = (
            self.seat.role in ("candidate", "dc")  # a trial is lost more often than it is won
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

    def let_pe_go(self) -> None:
        """It was not needed for long."""
        self._pe_kept = False
        self.out.append(StopPe())

    # ------------------------------------------------------------------------------------- facts

    def clock(self) -> float:
        """The wall clock, for people: epoch seconds."""
        return self.wall.at + (self.now - self.wall_at)

    def state_fact(
        self, event: Event, cause: str = "", basis: int | None = None, question: str = ""
    ) -> None:
        """State it; it is said again until it stands in the log."""
        cluster = self.state.cluster
        at = self.clock()
        proposal = self.facts.state(event, cluster, at, self.now, cause, basis, question)
        self.proposals.bring(proposal)

    def stand(self) -> None:
        """Tell the heartbeat how this node stands; the others hear of it. It falls silent if it is
        told nothing."""
        seat = self.seat
        self.seat.timers.set("standing", self.now + STANDING_LIMIT / 2)
        if self.hands.silence > HUNG_LIMIT and self.coordination.shooting.enabled:
            return
        self.hands.tell_doubts()
        if seat.timers.at("alone-rule") is None:
            self.hands.say_alone_rule()
        needless = self.survivor.holds_on or self.isolation.lets_run_on
        running = 0 if needless else self.hands.running
        position = seat.highest if seat.trouble else seat.log.position_at(seat.log.durable)
        lrm, disk = self.hands.alive, not seat.trouble
        self.out.append(TellHeart(Standing(seat.term, seat.leader, position, lrm, running, disk)))
        self._stood_in = seat.standing

    def say(self, level: str, text: str, **details: Any) -> None:
        self.out.append(Say(level, text, details))

    def send(self, peer: NodeName, message: Any) -> None:
        self.out.append(Send(peer, message))

    def answer(self, client: str, message: Any) -> None:
        self.out.append(Answer(client, message))

    def deny(self, asked: Asked, code: str, why: str) -> None:
        self.answer(asked.client, Denied(getattr(asked.request, "number", 0), code, why))

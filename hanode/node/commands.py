"""Operators' commands: each becomes an event, and its answer waits for that event's commit."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hanode.codec import Garbled, Vocabulary
from hanode.events import (
    VOCABULARY,
    CibChanged,
    Entry,
    Event,
    FencingConfirmed,
    FencingIntended,
    Member,
    NodeLeaving,
    OrderGiven,
    UnfencingOrdered,
    parts,
)
from hanode.ids import EventId
from hanode.inputs import Asked
from hanode.mgmt.protocol import Command, Denied, Done, Enrolled
from hanode.mgmt.roles import may
from hanode.mgmt.validity import invalid, stale
from hanode.node.facts import Waiting
from hanode.node.unfencing import UNFENCE
from hanode.peer_messages import Proposed
from hanode.state.proofs import OPERATOR

if TYPE_CHECKING:
    from hanode.node.node import Node

QUESTIONS_MAX = 256
PATIENCE = 10.0
"""Seconds that a command waits for its commit before the operator hears that it is open."""
MEMBERS = Vocabulary(Member)


@dataclass(frozen=True, slots=True)
class Question:
    """A command that waits for its place in the log."""

    client: str
    number: int
    until: float
    enrolled: Member | None = None


class Commands:
    """Those that wait, in the order in which they came."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._questions: dict[str, Question] = {}
        self._counter = 0

    def gone(self, client: str) -> None:
        """It hears no answer; what it ordered stands, for as long as it would have."""
        for ident, question in self._questions.items():
            if question.client == client:
                self._questions[ident] = dataclasses.replace(question, client="")

    def order(self, asked: Asked, request: Command) -> None:
        node = self._node
        try:
            event = VOCABULARY.unpack(request.event)
            parts(event)
        except Garbled as error:
            node.deny(asked, "invalid", f"this order can't be read: {error}")
            return
        no = may(asked.role, event, node.state.cib)
        if no:
            node.deny(asked, "forbidden", no)
            return
        event = self._completed(event, asked.operator, request.why)
        if no := stale(node.state, event):
            node.deny(asked, "stale", no)
            return
        if no := invalid(node.state, event):
            node.deny(asked, "invalid", no)
            return
        self.ask_dc(asked, request.number, event, request.basis)

    def ask_dc(
        self, asked: Asked, number: int, event: Event, basis: int | None, new: Member | None = None
    ) -> None:
        node = self._node
        if len(self._questions) >= QUESTIONS_MAX:
            node.deny(asked, "unavailable", "too many commands are waiting; try again")
            return
        why = self.not_now()
        if why and not node.survivor.accepts(event):
            node.deny(asked, "no-quorum", why)
            return
        self._counter += 1
        question = f"{node.name}.{node.boot}.{self._counter}"
        self._questions[question] = Question(asked.client, number, node.now + PATIENCE, new)
        node.state_fact(event, f"operator {asked.operator}", basis, question)
        if node.seat.timers.at("patience") is None:
            node.seat.timers.set("patience", node.now + PATIENCE)

    def not_now(self) -> str:
        """Why nothing can be changed; empty: it can."""
        if not self._node.pulse.view.quorate:
            return "no quorum: nothing can be changed now"
        return "" if self._node.seat.leader else "no DC yet: nothing can be changed now"

    def _completed(self, event: Event, operator: str, why: str) -> Event:
        """What only the node knows: who orders it, request ids, boots."""
        node = self._node
        if isinstance(event, OrderGiven):
            completed = (self._completed(part, operator, why) for part in event.open())
            return OrderGiven(tuple(map(VOCABULARY.pack, completed)))
        if isinstance(event, CibChanged):
            return dataclasses.replace(event, by=operator, why=why or event.why)
        if isinstance(event, FencingIntended):
            self._counter += 1
            request = f"{operator}.{node.name}.{node.boot}.{self._counter}"
            reason = event.reason or why or f"{operator} asked for it"
            return dataclasses.replace(
                event, request=request, boot=self._boot(event.target), by=operator, reason=reason
            )
        if isinstance(event, UnfencingOrdered):
            self._counter += 1
            request = f"{UNFENCE}{operator}.{node.name}.{node.boot}.{self._counter}"
            boot = self._boot(event.target)
            return dataclasses.replace(event, request=request, boot=boot, by=operator)
        if isinstance(event, FencingConfirmed):
            return dataclasses.replace(
                event, boot=self._boot(event.target), by=operator, evidence=OPERATOR
            )
        if isinstance(event, NodeLeaving):
            return dataclasses.replace(event, boot=self._boot(event.node))
        if hasattr(event, "by"):
            return dataclasses.replace(event, by=operator)
        return event

    def _boot(self, name: str) -> int:
        known = self._node.state.nodes.get(name)
        return known.boot if known else 0

    # ------------------------------------------------------------------------------- what happens

    def noticed(self, entry: Entry, event: Event, mine: Waiting | None) -> None:
        """An entry was applied; maybe a command waits for it."""
        if mine is None or not mine.proposal.question:
            return
        question = self._questions.pop(mine.proposal.question, None)
        if question is None:
            return
        if question.enrolled is not None:
            state = self._node.state
            members = tuple(MEMBERS.pack(state.members[name]) for name in sorted(state.members))
            timing = dataclasses.asdict(self._node.timing)
            enrolled = Enrolled(question.number, state.cluster, state.name, members, timing)
            self._answer(question, enrolled)
        elif _changes(event) and self._node.state.basis != entry.index:
            self._stale(question)
        else:
            self._answer(question, Done(question.number, entry.index))

    def without_force(self, ident: EventId, why: str) -> None:
        """It stands in the log, and came too late: as if it had not been taken."""
        mine = self._node.facts.waiting.get(ident)
        if mine is not None:
            self.proposed(Proposed(mine.proposal.question or str(ident), why))

    def proposed(self, answer: Proposed) -> None:
        """The DC did not take it."""
        question = self._questions.pop(answer.question, None)
        for ident, waiting in list(self._node.facts.waiting.items()):
            if answer.question == (waiting.proposal.question or str(ident)):
                self._node.facts.settle(ident)
        if question is not None:
            code = "stale" if answer.reason.startswith("stale") else "invalid"
            self._answer(question, Denied(question.number, code, answer.reason))

    def _stale(self, question: Question) -> None:
        why = "the configuration has changed since; read it again"
        self._answer(question, Denied(question.number, "stale", why))

    def _answer(self, question: Question, message: Done | Denied | Enrolled) -> None:
        if question.client:
            self._node.answer(question.client, message)

    def give_up_waiting(self) -> None:
        """The time of the oldest is over, or it was answered long ago. It is not brought to the
        next DC: that may come hours later, when nobody wants it any more. (But for what proves
        something: that is as true then.)"""
        node = self._node
        for ident, question in list(self._questions.items()):
            if question.until > node.now:
                node.seat.timers.set("patience", question.until)
                return
            del self._questions[ident]
            for fact, waiting in list(node.facts.waiting.items()):
                if waiting.proposal.question == ident and not _proves(waiting.event):
                    node.facts.settle(fact)
            why = "not committed yet; it may still be: look before you say it again"
            self._answer(question, Denied(question.number, "unavailable", why))


def _changes(event: Event) -> bool:
    """Whether it changes the configuration, and so may have come too late."""
    return any(isinstance(part, CibChanged) for part in parts(event))


def _proves(event: Event) -> bool:
    return any(isinstance(part, FencingConfirmed) for part in parts(event))

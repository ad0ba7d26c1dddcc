"""Consoles and commands: what they ask, and what they are told without asking again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from hanode.codec import Garbled, Vocabulary
from hanode.effects import Answer
from hanode.events import (
    VOCABULARY,
    CibChanged,
    Entry,
    Event,
    FencingConfirmed,
    FencingIntended,
    Member,
    MemberAdded,
    NodeLeaving,
    OrderGiven,
    parts,
)
from hanode.inputs import Asked
from hanode.messages import Proposed, Telemetry
from hanode.mgmt.protocol import (
    VERSION,
    Command,
    Denied,
    Done,
    Enrol,
    Enrolled,
    Entries,
    FetchLog,
    FetchState,
    Hello,
    MakeToken,
    Pulse,
    StateImage,
    Subscribe,
    Token,
    Welcome,
)
from hanode.mgmt.roles import may
from hanode.mgmt.validity import invalid
from hanode.node.enrolment import Enrolment, new_member
from hanode.node.facts import Waiting
from hanode.node.pulse import pulse_of

if TYPE_CHECKING:
    from hanode.node.node import Node

SUBSCRIBERS_MAX = 64
QUESTIONS_MAX = 256
DRIFT_MAX = 1024
"""Subjects of telemetry between two pulses."""
BATCH = 500
"""Entries in one answer."""
QUIET = 5.0
"""Seconds after which a subscriber hears from us even if nothing has changed."""
PULSE_GAP = 0.5
"""Seconds between two pulses while something changes."""
PATIENCE = 10.0
"""Seconds that a command waits for its commit before the operator hears that it is open."""
MEMBERS = Vocabulary(Member)


@dataclass(slots=True)
class Subscriber:
    number: int
    sent: int
    """The last index that it was sent."""
    telemetry: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A command that waits for its place in the log."""

    client: str
    number: int
    until: float
    enrolled: Member | None = None


class Desk:
    """Bounded in subscribers, questions and tokens; a client that goes takes its own with it."""

    def __init__(self, node: Node, random: Random) -> None:
        self._node = node
        self._subscribers: dict[str, Subscriber] = {}
        self._questions: dict[str, Question] = {}
        self._enrolment = Enrolment(random)
        self._counter = 0
        self._pulse_at = 0.0
        self._drift: dict[str, dict[str, float]] = {}
        """The LRM's telemetry since the last pulse."""

    # ----------------------------------------------------------------------------------- requests

    def asked(self, asked: Asked) -> None:
        request = asked.request
        handlers: dict[type, Callable[[Asked, Any], None]] = {
            Hello: self._hello,
            Subscribe: self._subscribe,
            FetchState: self._fetch_state,
            FetchLog: self._fetch_log,
            Command: self._command,
            MakeToken: self._make_token,
            Enrol: self._enrol,
        }
        handler = handlers.get(type(request))
        if handler is None:
            self._deny(asked, "unknown", f"no request of this kind: {type(request).__name__}")
        elif asked.role == "join" and not isinstance(request, Hello | Enrol):
            self._deny(asked, "forbidden", "a node that joins may only enrol")
        else:
            handler(asked, request)

    def gone(self, client: str) -> None:
        self._subscribers.pop(client, None)
        for question in [q for q, open_ in self._questions.items() if open_.client == client]:
            del self._questions[question]

    def _hello(self, asked: Asked, request: Hello) -> None:
        node = self._node
        self._answer(
            asked.client,
            Welcome(request.number, VERSION, node.name, asked.operator, asked.role),
        )

    def _fetch_state(self, asked: Asked, request: FetchState) -> None:
        image = self._oldest(request.number) if request.oldest else self._image(request.number)
        self._answer(asked.client, image)
        self._answer(asked.client, self._pulse(request.number))

    def _fetch_log(self, asked: Asked, request: FetchLog) -> None:
        first = max(request.first - 1, self._node.seat.log.base.index)
        entries = self._entries(first, max(1, min(request.count, BATCH)))
        last = self._node.state.position.index
        self._answer(asked.client, Entries(request.number, entries, last))

    def _subscribe(self, asked: Asked, request: Subscribe) -> None:
        if len(self._subscribers) >= SUBSCRIBERS_MAX and asked.client not in self._subscribers:
            self._deny(asked, "unavailable", f"{SUBSCRIBERS_MAX} consoles are attached already")
            return
        node = self._node
        log, applied = node.seat.log, node.state.position
        after = request.after
        known = (
            after is not None
            and after.index <= applied.index
            and log.has(after.index)
            and log.term_at(after.index) == after.term
        )
        sent = after.index if known and after is not None else applied.index
        self._subscribers[asked.client] = Subscriber(request.number, sent, request.telemetry)
        if not known:
            self._answer(asked.client, self._image(request.number))
        self._answer(asked.client, self._pulse(request.number))
        self._pulse_at = node.now
        if node.seat.timers.at("pulse") is None:
            node.seat.timers.set("pulse", node.now + QUIET)

    def _command(self, asked: Asked, request: Command) -> None:
        try:
            event = VOCABULARY.unpack(request.event)
            parts(event)
        except Garbled as error:
            self._deny(asked, "invalid", f"this order can't be read: {error}")
            return
        node = self._node
        no = may(asked.role, event, node.state.cib)
        if no:
            self._deny(asked, "forbidden", no)
            return
        event = self._completed(event, asked.operator, request.why)
        if no := invalid(node.state, event):
            self._deny(asked, "invalid", no)
            return
        self._ask_dc(asked, request.number, event, request.basis)

    def _ask_dc(
        self, asked: Asked, number: int, event: Event, basis: int | None, new: Member | None = None
    ) -> None:
        node = self._node
        if len(self._questions) >= QUESTIONS_MAX:
            self._deny(asked, "unavailable", "too many commands are waiting; try again")
            return
        why = self._not_now()
        if why and not node.survivor.accepts(event):
            self._deny(asked, "no-quorum", why)
            return
        self._counter += 1
        question = f"{node.name}.{node.boot}.{self._counter}"
        self._questions[question] = Question(asked.client, number, node.now + PATIENCE, new)
        node.state_fact(event, f"operator {asked.operator}", basis, question)
        node.seat.timers.set("pulse", min(node.seat.timers.at("pulse") or 1e18, node.now + 1.0))

    def _not_now(self) -> str:
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
        if isinstance(event, FencingConfirmed):
            return dataclasses.replace(
                event, boot=self._boot(event.target), by=operator, evidence="operator"
            )
        if isinstance(event, NodeLeaving):
            return dataclasses.replace(event, boot=self._boot(event.node))
        if hasattr(event, "by"):
            return dataclasses.replace(event, by=operator)
        return event

    def _boot(self, name: str) -> int:
        known = self._node.state.nodes.get(name)
        return known.boot if known else 0

    # ----------------------------------------------------------------------------------- joining

    def _make_token(self, asked: Asked, request: MakeToken) -> None:
        if asked.role != "admin":
            self._deny(asked, "forbidden", f"role {asked.role} can't let nodes in; ask an admin")
            return
        token = self._enrolment.make_token(60.0 * request.minutes, self._node.now)
        self._answer(asked.client, Token(request.number, token))

    def _enrol(self, asked: Asked, request: Enrol) -> None:
        node = self._node
        if why := self._not_now():  # the token stays good
            self._deny(asked, "no-quorum", why)
            return
        if not self._enrolment.spend(request.token, node.now):
            why = "this token is unknown, used or too old; get a new one: hanode node token"
            self._deny(asked, "forbidden", why)
            return
        member = new_member(request, node.state)
        if no := invalid(node.state, MemberAdded(member)):
            self._deny(asked, "invalid", no)
            return
        self._ask_dc(asked, request.number, MemberAdded(member), None, member)

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
            self._answer(
                question.client, Enrolled(question.number, state.cluster, state.name, members)
            )
        elif _changes(event) and self._node.state.basis != entry.index:
            self._stale(question)
        else:
            self._answer(question.client, Done(question.number, entry.index))

    def proposed(self, answer: Proposed) -> None:
        """The DC did not take it."""
        question = self._questions.pop(answer.question, None)
        for ident, waiting in list(self._node.facts.waiting.items()):
            if waiting.proposal.question == answer.question or str(ident) == answer.question:
                self._node.facts.settle(ident)
        if question is not None:
            code = "stale" if answer.reason.startswith("stale") else "invalid"
            self._answer(question.client, Denied(question.number, code, answer.reason))

    def _stale(self, question: Question) -> None:
        why = "the configuration has changed since; read it again"
        self._answer(question.client, Denied(question.number, "stale", why))

    def state_replaced(self) -> None:
        """A snapshot came from the DC: what subscribers have can't be continued."""
        for client, subscriber in self._subscribers.items():
            self._answer(client, self._image(subscriber.number))
            subscriber.sent = self._node.state.position.index

    def attend(self) -> None:
        """Send each subscriber what it has not seen."""
        applied = self._node.state.position.index
        for client, subscriber in self._subscribers.items():
            while subscriber.sent < applied:
                entries = self._entries(subscriber.sent, BATCH)
                if not entries:
                    self._answer(client, self._image(subscriber.number))
                    subscriber.sent = applied
                    break
                self._answer(client, Entries(subscriber.number, entries, applied))
                subscriber.sent = entries[-1].index

    # ---------------------------------------------------------------------------------- telemetry

    def telemetry(self, message: Telemetry) -> None:
        """Of the LRM: kept for the next pulse, a bounded number of subjects."""
        known = message.subject in self._drift
        if self._subscribers and (known or len(self._drift) < DRIFT_MAX):
            self._drift[message.subject] = message.values

    def pulse_changed(self) -> None:
        """Something that a pulse tells may have changed."""
        if self._subscribers:
            self._node.seat.timers.set("pulse", max(self._node.now, self._pulse_at + PULSE_GAP))

    def pulse_due(self) -> None:
        node = self._node
        self._give_up_waiting()
        if not self._subscribers and not self._questions:
            return
        self._pulse_at = node.now
        for client, subscriber in self._subscribers.items():
            if subscriber.telemetry:
                self._answer(client, self._pulse(subscriber.number))
        self._drift = {}
        gap = 1.0 if self._questions else QUIET
        node.seat.timers.set("pulse", node.now + gap)

    def _give_up_waiting(self) -> None:
        for ident, question in list(self._questions.items()):
            if question.until <= self._node.now:
                del self._questions[ident]
                why = "not committed yet; it may still be: look before you say it again"
                self._answer(question.client, Denied(question.number, "unavailable", why))

    # ------------------------------------------------------------------------------------ helpers

    def _pulse(self, number: int) -> Pulse:
        return pulse_of(self._node, number, self._drift)

    def _image(self, number: int) -> StateImage:
        state = self._node.state
        return StateImage(number, state.position, state.pack())

    def _oldest(self, number: int) -> StateImage:
        return StateImage(number, *self._node.snapshots.oldest(self._node.seat.log))

    def _entries(self, after: int, count: int) -> tuple[Entry, ...]:
        """Committed entries that follow `after`; none if they are not in memory any more."""
        log, applied = self._node.seat.log, self._node.state.position.index
        if after < log.base.index or after >= applied:
            return ()
        return log.after(after, min(count, applied - after))

    def _answer(self, client: str, message: Any) -> None:
        self._node.out.append(Answer(client, message))

    def _deny(self, asked: Asked, code: str, why: str) -> None:
        number = getattr(asked.request, "number", 0)
        self._answer(asked.client, Denied(number, code, why))


def _changes(event: Event) -> bool:
    """Whether it changes the configuration, and so may have come too late."""
    return any(isinstance(part, CibChanged) for part in parts(event))

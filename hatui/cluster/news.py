"""What happened, in plain sentences: one per event of the log that people care for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from hanode.events import (
    Alarm,
    CibChanged,
    ClusterFounded,
    DcElected,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    FencingLapsed,
    HistoryCleared,
    MemberAdded,
    MemberRemoved,
    NodeLeaving,
    NodeLeft,
    NodeReported,
    OperationFinished,
    Statement,
    TicketSet,
    UnfencingOrdered,
    ViewAgreed,
    parts,
)
from hatui.cluster.clock import span
from hatui.cluster.diagnosis import MEANINGS, named
from hatui.cluster.ledger import as_expected
from hatui.cluster.safe import clean

QUIET, PLAIN, GOOD, WARN, BAD = range(5)
"""How much a piece of news asks for attention."""

_EVIDENCE = {
    "power-verified": "power verified off",
    "port-down-verified": "its ports are verified down",
    "operator": "by an operator's word",
    "watchdog": "by its watchdog",
    "time-bound": "by time",
}


class News(NamedTuple):
    """One line of the ticker and of the event list."""

    entry: int
    at: float
    level: int
    sentence: str
    subject: str = ""
    """The node or resource it is about."""


class Narrator:
    """Tells events one after the other; remembers what a sentence needs of earlier ones."""

    def __init__(self) -> None:
        self._present: frozenset[str] | None = None
        self._quorate = True
        self._boots: dict[str, int] = {}
        self._wanted_at: dict[str, float] = {}

    def tell(self, index: int, said: Statement, event: Event) -> list[News]:
        """What there is to say of this event: nothing, a sentence, sometimes two."""
        return [
            News(index, said.at, level, clean(sentence), clean(subject))
            for part in parts(event)
            if (teller := _TELLERS.get(type(part))) is not None
            for level, sentence, subject in teller(self, part, said)
        ]

    # Each gives (level, sentence, subject).

    def founded(self, event: ClusterFounded, said: Statement) -> list[_Told]:
        return [(PLAIN, f"cluster {event.name} was founded on {said.actor}", "")]

    def member_added(self, event: MemberAdded, said: Statement) -> list[_Told]:
        name = event.member.name
        return [(PLAIN, f"{name} became a member of the cluster", name)]

    def member_removed(self, event: MemberRemoved, said: Statement) -> list[_Told]:
        return [(WARN, f"{event.name} is no member of the cluster any more", event.name)]

    def elected(self, event: DcElected, said: Statement) -> list[_Told]:
        votes = f", by the votes of {_listed(event.votes)}" if event.votes else ""
        return [(PLAIN, f"{event.dc} became DC (term {event.term}){votes}", event.dc)]

    def view(self, event: ViewAgreed, said: Statement) -> list[_Told]:
        now, before = frozenset(name for name, _ in event.present), self._present
        told: list[_Told] = []
        if before is None:
            told.append((QUIET, f"in the view: {_listed(sorted(now))}", ""))
        for name in sorted((before or now) - now):
            told.append((BAD, f"{name} lost: no heartbeat from it is heard any more", name))
        for name in sorted(now - (before if before is not None else now)):
            told.append((PLAIN, f"{name} is heard again", name))
        if event.quorate != self._quorate:
            word = "quorum regained" if event.quorate else "QUORUM LOST"
            told.append((GOOD if event.quorate else BAD, f"{word}: {len(now)} nodes present", ""))
        self._present, self._quorate = now, event.quorate
        return told

    def reported(self, event: NodeReported, said: Statement) -> list[_Told]:
        known = self._boots.get(event.node)
        self._boots[event.node] = event.boot
        if known == event.boot:
            return []
        return [(GOOD, f"{event.node} is online", event.node)]

    def leaving(self, event: NodeLeaving, said: Statement) -> list[_Told]:
        return [(PLAIN, f"{event.node} is asked to leave; what it runs moves away", event.node)]

    def left(self, event: NodeLeft, said: Statement) -> list[_Told]:
        self._present = (self._present or frozenset()) - {event.node}
        return [(PLAIN, f"{event.node} left in good order", event.node)]

    def cib(self, event: CibChanged, said: Statement) -> list[_Told]:
        who = event.by or said.actor
        what = event.why.removeprefix("hanode ") if event.why else "the configuration was changed"
        return [(PLAIN, f"{who}: {what}", "")]

    def ticket(self, event: TicketSet, said: Statement) -> list[_Told]:
        if event.granted is None:
            word = "on standby" if event.standby else "off standby"
        else:
            word = "granted" if event.granted else "revoked"
        return [(PLAIN, f"ticket {event.ticket} is {word}", "")]

    def operation(self, event: OperationFinished, said: Statement) -> list[_Told]:
        what = named(event.task, event.interval_ms)
        if event.status == "pending":
            return []
        if not as_expected(event):
            return self._unexpected(event, what)
        if event.task == "monitor" or event.task == "notify":
            return []
        past = _PAST.get(event.task, f"{what} done for {{}} on {{}}")
        took = f" ({span(event.exec_ms / 1000)})" if event.exec_ms >= 50 else ""
        level = GOOD if event.task in ("start", "promote") else PLAIN
        return [(level, past.format(event.resource, event.node) + took, event.resource)]

    def _unexpected(self, event: OperationFinished, what: str) -> list[_Told]:
        name, node = event.resource, event.node
        if event.status == "cancelled":
            return []
        if event.status == "done" and what == "probe":
            if event.rc == 0 or event.rc == 8:
                return [(QUIET, f"{name} was found running on {node}", name)]
            if event.rc == 7:
                return []
        if event.status == "done":
            meaning = MEANINGS.get(event.rc)
            answer = f"{meaning.name if meaning else 'code'} ({event.rc})"
        else:
            answer = {"timeout": "timed out", "not-installed": "agent not installed"}.get(
                event.status, "could not be executed"
            )
        reason = f": {event.reason}" if event.reason else ""
        return [(BAD, f"{name}: {what} failed on {node}: {answer}{reason}", name)]

    def cleared(self, event: HistoryCleared, said: Statement) -> list[_Told]:
        where = f" on {event.node}" if event.node else ""
        by = f" by {event.by}" if event.by else ""
        what = event.resource or "all resources"
        return [(PLAIN, f"failures of {what} cleaned up{where}{by}", event.resource)]

    def intended(self, event: FencingIntended, said: Statement) -> list[_Told]:
        self._wanted_at[event.request] = said.at
        by = f" ({event.by})" if event.by else ""
        return [(BAD, f"{event.target} must be fenced{by}: {event.reason}", event.target)]

    def confirmed(self, event: FencingConfirmed, said: Statement) -> list[_Told]:
        proof = _EVIDENCE.get(event.evidence, event.evidence)
        wanted = self._wanted_at.pop(event.request, None)
        took = f", after {span(said.at - wanted)}" if wanted is not None else ""
        device = f" with {event.device}" if event.device else ""
        by = f" by {event.by}" if event.by else ""
        return [(GOOD, f"{event.target} is fenced{by}{device}: {proof}{took}", event.target)]

    def fencing_failed(self, event: FencingFailed, said: Statement) -> list[_Told]:
        by = f" by {event.by}" if event.by else ""
        with_ = f" with {event.device}" if event.device else ""
        what = "unfencing" if event.action == "on" else "fencing"
        text = f"{what} of {event.target}{by}{with_} failed: {event.reason}"
        return [(BAD, text, event.target)]

    def unfencing(self, event: UnfencingOrdered, said: Statement) -> list[_Told]:
        by = f" ({event.by})" if event.by else ""
        return [(PLAIN, f"{event.target} is to be let in again{by}", event.target)]

    def lapsed(self, event: FencingLapsed, said: Statement) -> list[_Told]:
        self._wanted_at.pop(event.request, None)
        return [(PLAIN, f"{event.target} need not be fenced any more: {event.reason}",
                 event.target)]  # fmt: skip

    def alarm(self, event: Alarm, said: Statement) -> list[_Told]:
        if not event.message:
            return [(GOOD, f"over: {event.subject}", event.subject)]
        return [(BAD, event.message, event.subject)]


_Told = tuple[int, str, str]
_PAST = {
    "start": "{} started on {}",
    "stop": "{} stopped on {}",
    "promote": "{} promoted on {}",
    "demote": "{} demoted on {}",
    "migrate_to": "{} left {} by live migration",
    "migrate_from": "{} arrived on {} by live migration",
    "reload-agent": "{} reloaded on {}",
}
_TELLERS: dict[type, Callable[[Narrator, Any, Statement], list[_Told]]] = {
    ClusterFounded: Narrator.founded, MemberAdded: Narrator.member_added,
    MemberRemoved: Narrator.member_removed, DcElected: Narrator.elected,
    ViewAgreed: Narrator.view, NodeReported: Narrator.reported, NodeLeaving: Narrator.leaving,
    NodeLeft: Narrator.left, CibChanged: Narrator.cib, TicketSet: Narrator.ticket,
    OperationFinished: Narrator.operation, HistoryCleared: Narrator.cleared,
    FencingIntended: Narrator.intended, FencingConfirmed: Narrator.confirmed,
    FencingFailed: Narrator.fencing_failed, FencingLapsed: Narrator.lapsed,
    UnfencingOrdered: Narrator.unfencing,
    Alarm: Narrator.alarm,
}  # fmt: skip


def _listed(names: Any) -> str:
    return " ".join(names) or "nobody"

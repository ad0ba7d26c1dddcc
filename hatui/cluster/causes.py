"""What led to what in a stretch of the log: from anything that happened back to its beginning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hanode.events import (
    CibChanged,
    DcElected,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    HistoryCleared,
    OperationFinished,
    Planned,
    TransitionStarted,
    ViewAgreed,
    parts,
)
from hanode.state.operations import failed
from hatui.cluster.diagnosis import named
from hatui.cluster.ledger import as_expected, is_fencing
from hatui.cluster.news import Narrator
from hatui.cluster.past import Record
from hatui.cluster.safe import clean

SERVES = ("start", "promote", "migrate_from")
FENCING = "fencing"
LONGEST = 60
"""Steps of one chain at most."""


class Step(NamedTuple):
    """One link of the chain."""

    at: float
    entry: int
    """Its entry; 0 for what the log only tells of."""
    phase: str
    """What the time before it was spent on."""
    sentence: str
    bad: bool = False


class Causes:
    """What led to what, in one stretch of the log."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.by_index = {one.index: one for one in records}
        self._records = records
        self._walks: dict[str, Record] = {}
        self._plans: dict[str, dict[int, Planned]] = {}
        self._done: dict[str, Record] = {}
        """order id -> what came of it"""
        self._said: dict[int, str] = {}
        self._read()

    def _read(self) -> None:
        narrator, walk = Narrator(), ""
        for one in self._records:
            told = narrator.tell(one.index, one.said, one.event)
            self._said[one.index] = "; ".join(news.sentence for news in told)
            event = one.event
            if isinstance(event, TransitionStarted):
                walk = f"{one.entry.term}.{event.transition}"
                self._walks[walk] = one
                self._plans[walk] = {action.id: action for action in event.actions}
            elif isinstance(event, OperationFinished) and event.order:
                self._done[event.order] = one
            elif isinstance(event, FencingConfirmed):
                for action in self._plans.get(walk, {}).values():
                    if is_fencing(action) and action.node == event.target:
                        self._done[f"{walk}.{action.id}"] = one

    # -------------------------------------------------------------------------------- going back

    def way_to(self, one: Record) -> tuple[Record, ...]:
        """From the beginning to it."""
        way = [one]
        while len(way) < LONGEST and (cause := self._cause(way[0])) is not None:
            if cause.index >= way[0].index:
                break
            way.insert(0, cause)
        return tuple(way)

    def _cause(self, one: Record) -> Record | None:
        event = one.event
        if isinstance(event, OperationFinished):
            return self._of_operation(one, event)
        if isinstance(event, (FencingConfirmed, FencingFailed)):
            return self._latest(one, lambda e: isinstance(e, FencingIntended)
                                and e.request == event.request)  # fmt: skip
        if isinstance(event, FencingIntended):
            return None if event.by else self._of_intent(one, event)
        if isinstance(event, TransitionStarted):
            return self._trigger(one, event)
        if isinstance(event, ViewAgreed) and event.silent:
            return self._election(one, event)
        return None

    def _of_operation(self, one: Record, event: OperationFinished) -> Record | None:
        walk, _, ident = event.order.rpartition(".")
        plan = self._plans.get(walk)
        if plan is not None and ident.isdecimal() and int(ident) in plan:
            waited = [self._done.get(f"{walk}.{i}") for i in plan[int(ident)].after]
            before = [done for done in waited if done is not None and done.index < one.index]
            return max(before, key=lambda done: done.index, default=self._walks[walk])
        if not failed(event) and event.interval_ms:
            return self._latest(one, lambda e: isinstance(e, OperationFinished)
                                and e.task in SERVES and e.resource == event.resource
                                and e.node == event.node)  # fmt: skip
        return None

    def _of_intent(self, one: Record, event: FencingIntended) -> Record | None:
        def plans_it(e: object) -> bool:
            return isinstance(e, TransitionStarted) and any(
                is_fencing(action) and action.node == event.target for action in e.actions
            )

        def loses_it(e: object) -> bool:
            return isinstance(e, ViewAgreed) and event.target in dict(e.silent)

        return self._latest(one, plans_it) or self._latest(one, loses_it)

    def _trigger(self, one: Record, event: TransitionStarted) -> Record | None:
        """The worst news since the walk before, up to the state that was decided on."""
        news: list[Record] = []
        for index in range(min(event.basis, one.index - 1), 0, -1):
            found = self.by_index.get(index)
            if found is None or isinstance(found.event, TransitionStarted):
                break
            news.append(found)
        for wanted in (_loses, _fails, _orders):
            worst = next((found for found in news if wanted(found)), None)
            if worst is not None:
                return worst
        return news[0] if news else self.by_index.get(event.basis)

    def _election(self, one: Record, event: ViewAgreed) -> Record | None:
        """Of a new DC between the last heartbeat and the view."""
        silence = max(seconds for _, seconds in event.silent)
        found = self._latest(one, lambda e: isinstance(e, DcElected))
        return found if found is not None and found.at > one.at - silence else None

    def _latest(self, one: Record, wanted: object) -> Record | None:
        assert callable(wanted)
        for index in range(one.index - 1, 0, -1):
            found = self.by_index.get(index)
            if found is None:
                return None
            if any(wanted(part) for part in parts(found.event)):
                return found
        return None

    # ---------------------------------------------------------------------------------- telling

    def steps(self, way: tuple[Record, ...]) -> list[Step]:
        """With the last heartbeat before a loss, which no entry holds."""
        told = [self.step(one) for one in way]
        view = next((one for one in way if isinstance(one.event, ViewAgreed)), None)
        if view is not None and isinstance(view.event, ViewAgreed) and view.event.silent:
            name, seconds = max(view.event.silent, key=lambda pair: pair[1])
            quiet = Step(view.at - seconds, 0, "", clean(f"{name} is heard for the last time"))
            told = [quiet, *told]
        return told

    def attempts(self, way: tuple[Record, ...]) -> list[Step]:
        """To fence, and in vain: the first, and the last with how many there were."""
        asked = [part.request for one in way for part in parts(one.event)
                 if isinstance(part, FencingIntended)]  # fmt: skip
        known = {one.index for one in way}
        failures = [one for one in self._records
                    if isinstance(one.event, FencingFailed) and one.event.request in asked
                    and one.index not in known]  # fmt: skip
        found = [self.step(one)._replace(bad=True) for one in failures]
        if len(found) > 2:
            last = found[-1]
            told = f"{len(found) - 1} more attempts fail; the last: {last.sentence}"
            found = [found[0], last._replace(sentence=clean(told))]
        return found

    def step(self, one: Record) -> Step:
        event, said = one.event, self._said.get(one.index, "")
        if isinstance(event, TransitionStarted):
            many = len(event.actions)
            said = f"the DC knows what to do: {many} action{'s' if many != 1 else ''}"
        elif isinstance(event, OperationFinished) and event.interval_ms and not failed(event):
            said = f"{event.resource} answers on {event.node}"
        elif isinstance(event, OperationFinished) and not said:
            what = named(event.task, event.interval_ms)
            said = f"{event.resource}: {what} on {event.node} is over"
        return Step(one.at, one.index, _phase(one), clean(said or _in_words(event)),
                    _loses(one) or _fails(one))  # fmt: skip


def _in_words(event: object) -> str:
    """Of what is no news: `FencingLapsed` is a fencing lapsed."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", type(event).__name__).lower()


def _phase(one: Record) -> str:
    event = one.event
    if isinstance(event, OperationFinished):
        if failed(event):
            return "running"
        word = {"stop": "stopping", "demote": "demoting", "promote": "promoting",
                "monitor": "first look"}  # fmt: skip
        return word.get(event.task, "starting")
    named = {ViewAgreed: "noticing", DcElected: "electing a DC", TransitionStarted: "deciding",
             FencingIntended: "ordering the fencing", FencingConfirmed: FENCING,
             FencingFailed: FENCING}  # fmt: skip
    return named.get(type(event), "waiting")


def _loses(one: Record) -> bool:
    return isinstance(one.event, ViewAgreed) and bool(one.event.silent)


def _fails(one: Record) -> bool:
    return isinstance(one.event, OperationFinished) and failed(one.event) and not (
        one.event.task == "monitor" and not one.event.interval_ms
    )  # fmt: skip


def _orders(one: Record) -> bool:
    return any(isinstance(part, (CibChanged, HistoryCleared)) for part in parts(one.event))


def recovers(one: Record) -> bool:
    event = one.event
    if isinstance(event, FencingConfirmed):
        return True
    if not isinstance(event, OperationFinished) or not as_expected(event):
        return False
    return event.task in SERVES or (event.task == "monitor" and event.interval_ms > 0)

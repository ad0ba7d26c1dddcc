"""The causal chain of a failure: from what began it to the service that answers again.

Every entry names what led to it, or it follows from the plan that ordered it; walking back from the
recovery along what each step truly waited for shows where the outage's time went.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hanode.events import (
    Alarm,
    FencingIntended,
    OperationFinished,
    parts,
)
from hanode.state.operations import failed
from hatui.cluster.causes import FENCING, Causes, Step, recovers
from hatui.cluster.moment import base_of
from hatui.cluster.past import Record


class Chain(NamedTuple):
    """From the beginning to where it stands."""

    steps: tuple[Step, ...]
    over: bool
    """Whether a service answers again at its end."""
    others: tuple[Step, ...] = ()
    """What else came back from the same beginning, and when."""

    @property
    def settled(self) -> bool:
        """Nothing is waited for any more: a service answers again, or the node is fenced."""
        last = self.steps[-1]
        return self.over or (last.phase == FENCING and not last.bad)

    @property
    def total(self) -> float:
        return self.steps[-1].at - self.steps[0].at if self.steps else 0.0

    @property
    def phases(self) -> list[tuple[str, float]]:
        """Where the time went, the longest first."""
        spent: dict[str, float] = {}
        for before, step in zip(self.steps, self.steps[1:], strict=False):
            spent[step.phase] = spent.get(step.phase, 0.0) + max(step.at - before.at, 0.0)
        return sorted(spent.items(), key=lambda one: -one[1])


def chain_of(records: Sequence[Record], index: int) -> Chain | None:
    """The chain that the entry at `index` is part of; None if it is not known here."""
    causes = Causes(records)
    focus = causes.by_index.get(index)
    if focus is None:
        return None
    ends = [one for one in records if one.index > index and recovers(one)]
    reached = [(one, way) for one in ends if focus in (way := causes.way_to(one))]
    served = [pair for pair in reached if isinstance(pair[0].event, OperationFinished)]
    end, way = max(served or reached, key=lambda pair: pair[0].at, default=(focus, ()))
    way = way or causes.way_to(focus)
    others = tuple(causes.step(one) for one, _ in served if one is not end)
    over = bool(served) or recovers(focus)
    steps = (*causes.steps(way), *([] if over or reached else causes.attempts(way)))
    return Chain(steps, over, _last_of_each(others, causes.step(end)))


def failure_at(records: Sequence[Record], resource: str, node: str) -> int:
    """The entry of this resource's latest failure there; 0 if it is not known."""
    for one in reversed(records):
        event = one.event
        if not isinstance(event, OperationFinished) or not failed(event):
            continue
        if (event.node, base_of(event.resource)) == (node, base_of(resource)):
            return one.index
    return 0


def fencing_at(records: Sequence[Record], request: str) -> int:
    """The entry in which this fencing was intended; 0 if it is not known."""
    for one in reversed(records):
        for part in parts(one.event):
            if isinstance(part, FencingIntended) and part.request == request:
                return one.index
    return 0


def alarm_at(records: Sequence[Record], subject: str) -> int:
    """The entry in which this alarm was last raised; 0 if it is not known."""
    for one in reversed(records):
        for part in parts(one.event):
            if isinstance(part, Alarm) and part.message and part.subject == subject:
                return one.index
    return 0


def _last_of_each(steps: tuple[Step, ...], end: Step) -> tuple[Step, ...]:
    """One line for each thing that came back: its last."""
    kept: dict[str, Step] = {}
    for step in steps:
        kept[step.sentence.partition(" ")[0]] = step
    kept.pop(end.sentence.partition(" ")[0], None)
    return tuple(sorted(kept.values(), key=lambda step: step.at))

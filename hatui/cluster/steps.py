"""A transition as a list that a person can follow: what is done, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hanode.events import Event, FencingConfirmed, OperationFinished
from hanode.transition import Action, Transition
from hatui.cluster.ledger import FENCE, as_expected
from hatui.cluster.moment import base_of
from hatui.cluster.pace import Pace
from hatui.cluster.safe import clean

WAITING, DONE, FAILED, SPARED = "waiting", "done", "failed", "spared"
"""What became of a step; spared: the cluster got there without it."""


class Step(NamedTuple):
    """One action; those of the same wave may run side by side."""

    wave: int
    task: str
    resource: str
    node: str
    reason: str = ""
    takes: float | None = None
    """Seconds, by its own history."""
    over: float = 0.0
    """When it is done, counted from the beginning, if all goes as usual."""

    @property
    def sentence(self) -> str:
        if not self.resource:
            return f"{self.task} {self.node}"
        return f"{self.task} {clean(base_of(self.resource))} on {self.node}"


def steps(
    decision: Transition, ordered: Sequence[str] = (), pace: Pace | None = None
) -> tuple[Step, ...]:
    """What people follow: no pseudo-actions, no probes, no recurring monitors.

    The policy engine knows a node of `ordered` as lost; people know that they fence it.
    """
    waves = _longest(decision, {a.id: float(_worth_telling(a)) for a in decision.actions})
    takes = {action.id: _takes(action, pace) for action in decision.actions}
    over = _longest(decision, {ident: seconds or 0.0 for ident, seconds in takes.items()})
    found = [
        _step(one, int(waves[one.id]))._replace(takes=takes[one.id], over=over[one.id])
        for one in decision.actions
        if _worth_telling(one)
    ]
    found = [
        step._replace(reason="as ordered")
        if step.task == "fence" and step.node in ordered
        else step
        for step in found
    ]
    return tuple(sorted(found, key=lambda step: (step.wave, step.resource, step.node)))


def told(steps: Iterable[Step], event: Event) -> dict[Step, str]:
    """Which steps an event settles, and how."""
    if isinstance(event, FencingConfirmed):
        return {s: DONE for s in steps if s.task == "fence" and s.node == event.target}
    if isinstance(event, OperationFinished) and event.status != "pending":
        good = as_expected(event)
        return {
            step: DONE if good else FAILED
            for step in steps
            if (step.task, base_of(step.resource), step.node)
            == (event.task, base_of(event.resource), event.node)
        }
    return {}


def _worth_telling(action: Action) -> bool:
    if action.kind in ("pseudo", "cancel", "cleanup"):
        return False
    return not (action.kind == "rsc" and action.operation in ("monitor", "notify"))


def _step(action: Action, wave: int) -> Step:
    node = clean(action.node or "", 64)
    if action.kind == "fence":
        return Step(wave, "fence", "", node, clean(action.reason))
    if action.kind == "shutdown":
        return Step(wave, "shut down", "", node, clean(action.reason))
    name = action.instance or action.resource or ""
    return Step(wave, action.operation or action.task, name, node, clean(action.reason))


def _takes(action: Action, pace: Pace | None) -> float | None:
    if pace is None or action.pseudo:
        return None
    if action.kind == "fence":
        return pace(FENCE, action.node or "")
    return pace(action.operation, action.resource or "") if action.kind == "rsc" else None


def _longest(decision: Transition, weight: dict[int, float]) -> dict[int, float]:
    """For each action, the longest way to its end: what weighs before it, and itself."""
    after: dict[int, list[int]] = {action.id: [] for action in decision.actions}
    waits: dict[int, int] = dict.fromkeys(after, 0)
    for before, then in decision.orderings:
        if before in after and then in after:
            after[before].append(then)
            waits[then] += 1
    ways = {ident: weight[ident] for ident in after}
    ready = [ident for ident, count in waits.items() if not count]
    while ready:
        ident = ready.pop()
        for then in after[ident]:
            ways[then] = max(ways[then], ways[ident] + weight[then])
            waits[then] -= 1
            if not waits[then]:
                ready.append(then)
    return ways

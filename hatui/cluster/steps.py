"""A transition as a list that a person can follow: what is done, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hanode.events import Event, FencingConfirmed, OperationFinished
from hanode.transition import Action, Transition
from hatui.cluster.moment import base_of
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

    @property
    def sentence(self) -> str:
        if not self.resource:
            return f"{self.task} {self.node}"
        return f"{self.task} {clean(base_of(self.resource))} on {self.node}"


def steps(decision: Transition, ordered: Sequence[str] = ()) -> tuple[Step, ...]:
    """What people follow: no pseudo-actions, no probes, no recurring monitors.

    The policy engine knows a node of `ordered` as lost; people know that they fence it.
    """
    waves = _waves(decision)
    found = [_step(one, waves[one.id]) for one in decision.actions if _worth_telling(one)]
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
        good = event.status == "done" and event.rc == event.expected_rc
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


def _waves(decision: Transition) -> dict[int, int]:
    """For each action, how many telling actions come before it on the longest way, plus one."""
    after: dict[int, list[int]] = {action.id: [] for action in decision.actions}
    waits: dict[int, int] = dict.fromkeys(after, 0)
    for before, then in decision.orderings:
        if before in after and then in after:
            after[before].append(then)
            waits[then] += 1
    weight = {action.id: int(_worth_telling(action)) for action in decision.actions}
    waves = {ident: weight[ident] for ident in after}
    ready = [ident for ident, count in waits.items() if not count]
    while ready:
        ident = ready.pop()
        for then in after[ident]:
            waves[then] = max(waves[then], waves[ident] + weight[then])
            waits[then] -= 1
            if not waits[then]:
                ready.append(then)
    return waves

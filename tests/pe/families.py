"""Which family a disagreement with crm_simulate 2.1.5 belongs to.

Most are proven: with one of its rules (`old_rules`) put into our engine both decide alike. What
then is left is told by the situation that all of its kind share.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

from comparing import differences
from old_rules import RULES, as_before

from hanode.cib.document import Cib
from hanode.pe import overview, schedule
from hanode.pe.contract import as_contract
from hanode.pe.model.constraint import Before, Constraints
from hanode.pe.overview import ResourceView
from hanode.pe.unpack import unpack
from hanode.pe.unpack.constraints import unpack_constraints

SITUATIONS = {
    "notices": "only who is told of a clone's changes: crm_simulate tells instances that can't "
    "start, on nodes where none runs",
    "twice": "two orderings of the same two actions, of which crm_simulate takes the first alone",
    "circle": "colocations in a circle: whoever is asked first decides, and that isn't the same",
    "watching": "only which monitors are begun or cancelled",
    "frozen": "a clone that a lost ticket freezes: crm_simulate takes it for one that won't run",
    "unmanaged": "a clone or a group, some of which is unmanaged",
    "half stopped": "a cloned group, one member of which failed to stop",
    "far": "wishes that reach a resource through another: crm_simulate doesn't weaken them twice",
    "untimed": "a migration whose results bear no time: nobody can say what came later",
    "unknown": "nobody knows yet",
}
FAMILIES = {**RULES, **SITUATIONS}


def family(cib: Cib, theirs: dict[str, Any]) -> str:
    """Names of rules, joined by `+`, or the name of the situation."""
    for count in range(1, len(RULES) + 1):
        for names in combinations(RULES, count):
            with as_before(*names):
                if not _lines(cib, theirs):
                    return "+".join(names)
    with as_before(*RULES):
        return _situation(cib, _lines(cib, theirs))


def _lines(cib: Cib, theirs: dict[str, Any]) -> list[str]:
    assert cib.written_at is not None
    now = float(cib.written_at)
    return differences(theirs, as_contract(cib, schedule(cib, now), now))


def _situation(cib: Cib, lines: list[str]) -> str:
    if all("_notify_" in line for line in lines):
        return "notices"
    if all("_cancel_" in line or "_monitor_" in line for line in lines):
        return "watching"
    assert cib.written_at is not None
    constraints = unpack_constraints(unpack(cib, cib.written_at))
    tops = overview(cib, cib.written_at).resources
    tests: dict[str, Callable[[], bool]] = {
        "twice": lambda: _twice(constraints),
        "circle": lambda: _circle(constraints),
        "half stopped": lambda: _half_stopped(cib),
        "frozen": lambda: any(bound.loss_policy == "freeze" for bound in constraints.tickets),
        "unmanaged": lambda: any(_unmanaged(top) for top in tops if top.kind != "primitive"),
        "far": lambda: _far(constraints),
        "untimed": lambda: _untimed(cib),
    }
    return next((name for name, test in tests.items() if test()), "unknown")


def _twice(constraints: Constraints) -> bool:
    def actions(pair: Before) -> tuple[str, ...]:
        return pair.first.id, pair.first_task, pair.then.id, pair.then_task

    found = [actions(pair) for pair in constraints.orders]
    return len(found) > len(set(found))


def _circle(constraints: Constraints) -> bool:
    """Whether what is with another has that other with it, perhaps through further ones."""
    primaries: dict[str, set[str]] = {}
    for one in constraints.colocations:
        primaries.setdefault(one.dependent.top().id, set()).add(one.primary.top().id)
    return any(name in _reached(primaries, name) for name in primaries)


def _reached(after: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for name in sorted(after.get(todo.pop(), set()) - seen):
            seen.add(name)
            todo.append(name)
    return seen


def _far(constraints: Constraints) -> bool:
    dependents = {one.dependent.top().id for one in constraints.colocations}
    return any(one.primary.top().id in dependents for one in constraints.colocations)


def _half_stopped(cib: Cib) -> bool:
    """Whether a stop failed of something that is in a cloned group."""
    assert cib.written_at is not None
    found = unpack(cib, cib.written_at).failures
    members = [one.resource for one in found if one.operation.task == "stop"]
    return any(one.parent and one.parent.kind == "group" and one.clone() for one in members)


def _untimed(cib: Cib) -> bool:
    results = [
        result
        for state in cib.status.nodes
        for history in state.history
        for result in history.operations
    ]
    return any("migrate" in found.task and not found.last_rc_change for found in results)


def _unmanaged(top: ResourceView) -> bool:
    return not top.managed or any(_unmanaged(child) for child in top.children)

"""What must never be together must not be so for a moment either.

With a colocation of minus infinity, whoever leaves a node leaves it before the other
comes; a matter of roles is settled by demoting before the other starts, and the reverse.
"""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.model.step import Step
from hanode.pe.ordering.internal import DONE


def keep_apart(plan: Plan) -> None:
    """Order the goings before the comings, node by node."""
    for colocation in plan.placement.constraints.colocations:
        if colocation.score <= -INFINITY and colocation.attribute == "#uname":
            _pair(plan, colocation)


def bind_together(plan: Plan) -> None:
    """What must be with something that can't start, can't start either."""
    for colocation in plan.placement.constraints.colocations:
        primary = colocation.primary
        if colocation.score < INFINITY or primary.is_collective:
            continue
        if colocation.primary_role == Role.PROMOTED:
            continue
        task = "promote" if colocation.role == Role.PROMOTED else "start"
        thens = _steps(plan, colocation.dependent, task)
        for first in _steps(plan, primary, "start"):
            for then in thens:
                plan.order(first, then, o.BLOCKS_ALONE, colocation.id)


def _pair(plan: Plan, colocation: Colocate) -> None:
    """Node by node; a collective is waited for, or waits, as a whole."""
    sides = (
        (colocation.dependent, colocation.role),
        (colocation.primary, colocation.primary_role),
    )
    for (one, role), (two, other_role) in (sides, sides[::-1]):
        if role != Role.PROMOTED and one.primitive and two.primitive:
            _probes_first(plan, one, two, colocation)
        goings = _goings(plan, one, "demote" if role == Role.PROMOTED else "stop")
        comings = _comings(plan, two, "promote" if other_role == Role.PROMOTED else "start")
        for coming in comings:
            for going in goings:
                if going.node is coming.node or going.node is None or coming.node is None:
                    plan.order(going, coming, o.ORDERED, colocation.id)


def _goings(plan: Plan, resource: Resource, task: str) -> list[Step]:
    """A collective is gone when all of it is."""
    if resource.primitive:
        return plan.all_of(resource, task)
    done = plan.find(resource, DONE[task])
    return [done] if done is not None else []


def _comings(plan: Plan, resource: Resource, task: str) -> list[Step]:
    if resource.primitive:
        return plan.all_of(resource, task)
    begin = plan.find(resource, task)
    return [begin] if begin is not None else []


def _probes_first(plan: Plan, one: Resource, two: Resource, colocation: Colocate) -> None:
    """Whether the other is there must be known before this one comes."""
    by_node: dict[str, list[Step]] = {}
    for probe in _steps(plan, one, "monitor"):
        if probe.node is not None:
            by_node.setdefault(probe.node.name, []).append(probe)
    for start in _steps(plan, two, "start"):
        for probe in by_node.get(start.node.name, ()) if start.node is not None else ():
            plan.order(probe, start, o.ORDERED, colocation.id)


def _steps(plan: Plan, resource: Resource, task: str) -> list[Step]:
    return [step for leaf in resource.primitives() for step in plan.all_of(leaf, task)]

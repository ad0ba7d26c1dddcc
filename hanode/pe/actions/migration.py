"""Live migration: a move without an interruption, where nothing stands against it.

Before settling, the stop and start of a candidate are marked; settling takes the mark
away where something that it depends on restarts. What still bears it afterwards is done
by `migrate_to` on the source and `migrate_from` on the target, then a stop on the source
to clean up; the start on the target is then a formality.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.model.step import Step


def mark_migratable(plan: Plan) -> None:
    """Mark the stop and the start of each resource that may migrate."""
    for leaf in plan.placement.cluster.primitives():
        if not leaf.allow_migrate or not leaf.managed or leaf.failed or not leaf.active:
            continue
        found = _ends(plan, leaf)
        if found is None:
            continue
        stop, start = _steps(plan, leaf, *found)
        if stop is not None and start is not None:
            stop.migratable = start.migratable = True


def _ends(plan: Plan, leaf: Resource) -> tuple[Node, Node] | None:
    """From where to where it would migrate."""
    chosen = plan.placement.node_of.get(leaf.id)
    if chosen is None or leaf.start_pending or leaf.dangling:
        return None
    if plan.placement.next_role.get(leaf.id) != Role.STARTED or leaf.role != Role.STARTED:
        return None
    source = leaf.active[0]
    if leaf.migration_target is not None and leaf.migration_source is not None:
        if chosen is not leaf.migration_target:
            return None
        source = leaf.migration_source
    elif len(leaf.active) != 1:
        return None
    if source is chosen or source.unclean or not source.online:
        return None
    return source, chosen


def _steps(
    plan: Plan, leaf: Resource, source: Node, target: Node
) -> tuple[Step | None, Step | None]:
    return plan.find(leaf, "stop", source), plan.find(leaf, "start", target)


def plan_migrations(plan: Plan) -> None:
    """Turn what may still migrate into migrations."""
    found: list[tuple[Resource, Step, Step]] = []
    for leaf in plan.placement.cluster.primitives():
        if not leaf.allow_migrate or not leaf.active:
            continue
        ends = _ends(plan, leaf)
        if ends is None:
            continue
        stop, start = _steps(plan, leaf, *ends)
        if stop is not None and start is not None and _goes(stop, start):
            found.append((leaf, stop, start))
    made = {start.serial: _migrate(plan, *entry) for entry in found for start in entry[2:]}
    for leaf, stop, start in found:
        _wait(plan, leaf, stop, start, made)


def _goes(stop: Step, start: Step) -> bool:
    if not (stop.migratable and start.migratable):
        return False
    return stop.required and start.required and stop.runnable and start.runnable


def _migrate(plan: Plan, leaf: Resource, stop: Step, start: Step) -> tuple[Step | None, Step]:
    """The two halves; the first is over already if a migration was cut off."""
    source, target = stop.node, start.node
    receive = plan.step(leaf, "migrate_from", target, optional=False)
    receive.reason = start.reason
    receive.source, receive.target = source, target
    push: Step | None = None
    if leaf.migration_target is None:
        push = plan.step(leaf, "migrate_to", source, optional=False)
        push.reason = start.reason
        push.source, push.target = source, target
        plan.order(push, receive, o.ORDERED, "migration")
    plan.order(receive, stop, o.ORDERED, "migration")
    plan.order(receive, start, o.ORDERED, "migration")
    start.pseudo = True
    return push, receive


def _wait(
    plan: Plan,
    leaf: Resource,
    stop: Step,
    start: Step,
    made: dict[int, tuple[Step | None, Step]],
) -> None:
    """What the start and the stop had to wait for, the migration waits for."""
    push, receive = made[start.serial]
    begin = push or receive
    for edge in list(start.before):
        first = edge.first
        if first.resource is leaf and first.task in ("stop", "migrate_from"):
            continue
        if first.serial in made:
            plan.order(made[first.serial][1], begin, o.ORDERED, edge.source)
        elif not (first.pseudo and _is_frame(leaf, first)):
            plan.order(first, begin, o.ORDERED, edge.source)
    for edge in list(stop.before):
        first = edge.first
        if (first.resource is leaf and first.kind == "rsc") or first.migratable:
            continue
        if not (first.pseudo and _is_frame(leaf, first)):
            plan.order(first, begin, o.ORDERED, edge.source)
    stop.source = stop.node  # marks the stop as the end of a migration


def _is_frame(leaf: Resource, step: Step) -> bool:
    """The start or stop of the group or clone that it is in."""
    outer = leaf.parent
    while outer is not None:
        if step.resource is outer:
            return True
        outer = outer.parent
    return False

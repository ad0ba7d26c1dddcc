"""What is needed and what can be run, once everything has said its word.

This is the only place where these two change after planning. Need only ever grows and
the ability to run only ever shrinks, so the end is reached, whatever the order.
"""

from __future__ import annotations

from collections import deque

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.role import Role
from hanode.pe.model.step import Edge, Step


def settle(plan: Plan) -> None:
    """Follow every ordering until nothing changes."""
    todo = deque(plan.steps)
    waiting = {step.serial for step in plan.steps}
    while todo:
        step = todo.popleft()
        waiting.discard(step.serial)
        changed: list[Step] = []
        for edge in step.before:
            _follow(edge, changed)
        if step.needed_before:
            _count(step, changed)
        for other in changed:
            for near in _neighbours(other):
                if near.serial not in waiting:
                    waiting.add(near.serial)
                    todo.append(near)


def _neighbours(step: Step) -> list[Step]:
    return [step, *(edge.then for edge in step.after)]


def _follow(edge: Edge, changed: list[Step]) -> None:
    """What one ordering does to its two steps."""
    first, then, flags = edge.first, edge.then, edge.flags
    if flags & o.SAME_NODE and first.node is not then.node:
        return
    before = (first.optional, first.runnable, first.graphed)
    was = (then.optional, then.runnable, then.graphed)
    if flags & o.ASYMMETRIC and _moot(then):
        return
    if flags & o.THEN_IMPLIES_FIRST and not then.optional and not (then.migratable or _stuck(then)):
        _require(first, then)
        if not first.runnable and _in_the_way(first):
            _block(then, first)
    if flags & o.PROMOTED_THEN_IMPLIES_FIRST and not then.optional and _promoted(then):
        _require(first, then)
    if flags & o.UNRUNNABLE_BLOCKS and not first.runnable:
        _block(then, first)
    if flags & o.BLOCKS_ALONE and not first.runnable and not first.optional:
        _block(then, first)
    if (
        flags & o.FIRST_IMPLIES_THEN
        and first.task == "stop"
        and then.task == "stop"
        and not then.optional
        and not first.runnable
        and not _managed(first)
    ):
        _block(then, first)
    if flags & o.FIRST_IMPLIES_THEN and not first.optional:
        if first.migratable and first.resource is not then.resource:
            pass  # it goes on without an interruption
        elif flags == o.FIRST_IMPLIES_THEN and first.task == "start" and not first.runnable:
            pass  # it won't begin, so what comes after it needn't begin anew
        else:
            _require(then, first)
            if then.migratable and first.task == "start" and then.task == "start":
                _unmigratable(then, changed)
    if flags & o.INTERMEDIATE_STOP:
        _restart(first, then)
    if flags & o.GRAPH_THEN and not first.optional and first.runnable:
        then.graphed = True
    needed = not then.optional and then.runnable and not then.again
    if flags & o.GRAPH_FIRST and (then.graphed or needed):
        first.graphed = True
    if before != (first.optional, first.runnable, first.graphed):
        changed.append(first)
    if was != (then.optional, then.runnable, then.graphed):
        changed.append(then)


def _unmigratable(start: Step, changed: list[Step]) -> None:
    """It depends on something that starts anew, so it must be stopped meanwhile."""
    start.migratable = False
    changed.append(start)
    for edge in start.before:
        if edge.first.resource is start.resource and edge.first.task == "stop":
            edge.first.migratable = False
            changed.append(edge.first)


def _moot(then: Step) -> bool:
    """An asymmetric ordering says nothing about what is already as it should be."""
    resource = then.resource
    if resource is None:
        return False
    if then.task == "start":
        return resource.current_role() >= Role.STARTED and then.optional
    if then.task == "promote":
        return resource.current_role() == Role.PROMOTED and then.optional
    if then.task == "stop":
        return resource.current_role() <= Role.STOPPED
    return False


def _promoted(step: Step) -> bool:
    resource = step.resource
    return resource is not None and resource.current_role() == Role.PROMOTED


def _managed(step: Step) -> bool:
    return step.resource is None or step.resource.managed or not step.resource.primitive


def _stuck(step: Step) -> bool:
    """Needed, but not ours to do: it won't happen, so nothing has to make way for it."""
    return not step.runnable and not _managed(step)


def _in_the_way(step: Step) -> bool:
    """What is unmanaged won't get out of the way, nor will what waits for that."""
    return not _managed(step) or step.cause is not None


def _require(step: Step, by: Step) -> None:
    if not step.optional:
        return
    if not _managed(step) and step.task != "monitor":
        return
    step.optional = False
    if not step.reason:
        step.reason = by.reason or f"{by.key} is needed"
    step.cause = by


def _block(step: Step, by: Step) -> None:
    if step.runnable:
        step.runnable = False
        step.blocked_by = by.blocked_by or f"{by.key} can't be run"
        step.cause = by


def _restart(stop: Step, start: Step) -> None:
    """A stop and a start of one resource: what breaks the one needs the other."""
    if not start.optional and stop.optional and not start.again:
        _require(stop, start)
    if not start.runnable and stop.optional and _managed(stop):
        stop.optional = False
        stop.reason = stop.reason or start.blocked_by
        stop.cause = start
    if not stop.optional and not stop.runnable:
        _block(start, stop)


def _count(step: Step, changed: list[Step]) -> None:
    """A gate opens when enough of what it waits for can be run."""
    if not step.runnable:
        return
    able = sum(1 for edge in step.before if edge.flags & o.MIN_RUNNABLE and edge.first.runnable)
    if able < step.needed_before:
        step.runnable = False
        step.blocked_by = f"{able} of {step.needed_before} needed before {step.key} can be run"
        changed.append(step)

"""Orderings within a resource: stop before start, members in turn, instances together."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from hanode.pe.actions.plan import Plan
from hanode.pe.assign.bundle import is_container
from hanode.pe.model import ordering as o
from hanode.pe.model.resource import Resource
from hanode.pe.model.step import Step

DONE = {"start": "running", "stop": "stopped", "promote": "promoted", "demote": "demoted"}


def order_internally(plan: Plan, resource: Resource) -> None:
    """By kind."""
    _ORDER[resource.kind](plan, resource)


def order_primitive(plan: Plan, resource: Resource) -> None:
    """Down before up; each rung of the ladder after the one below it."""
    starts, stops = plan.all_of(resource, "start"), plan.all_of(resource, "stop")
    promotes, demotes = plan.all_of(resource, "promote"), plan.all_of(resource, "demote")
    down_up = o.FIRST_IMPLIES_THEN | o.INTERMEDIATE_STOP
    for stop in stops:
        for start in starts:
            stays = resource.stop_unexpected and resource.may_stay(start.node)
            if stop.node in resource.dangling or stop.node not in resource.here():
                plan.order(stop, start, o.ORDERED, "restart")
                continue
            plan.order(stop, start, o.FIRST_IMPLIES_THEN if stays else down_up, "restart")
    for demote in demotes:
        for stop in stops:
            plan.order(demote, stop, o.PROMOTED_THEN_IMPLIES_FIRST, "demote")
        for promote in promotes:
            plan.order(demote, promote, o.FIRST_IMPLIES_THEN, "re-promote")
    for promote in promotes:
        for start in starts:
            if start.node is promote.node:
                plan.order(start, promote, o.MANDATORY_START, "promote")


def order_group(plan: Plan, group: Resource) -> None:
    """Members start in order and stop in reverse; the group's own steps frame them."""
    steps = {task: plan.collective(group, task) for task in _frame_tasks(group)}
    promotable = group.promotable
    before: Resource | None = None
    for member in group.children:
        order_primitive(plan, member)
        _frame_member(plan, member, steps, promotable)
        if before is not None and group.ordered:
            _in_turn(plan, before, member)
        before = member
    plan.order(steps["start"], steps["running"], o.ORDERED, "group")
    plan.order(steps["stop"], steps["stopped"], o.ORDERED, "group")
    plan.order(steps["stopped"], steps["start"], o.ORDERED, "group")
    if promotable:
        plan.order(steps["running"], steps["promote"], o.ORDERED, "group")
        plan.order(steps["promote"], steps["promoted"], o.ORDERED, "group")
        plan.order(steps["demote"], steps["demoted"], o.ORDERED, "group")
        plan.order(steps["demoted"], steps["stop"], o.ORDERED, "group")
        plan.order(steps["demoted"], steps["promote"], o.ORDERED, "group")


def _frame_tasks(resource: Resource) -> tuple[str, ...]:
    tasks: tuple[str, ...] = ("start", "running", "stop", "stopped")
    if resource.promotable:
        tasks += ("promote", "promoted", "demote", "demoted")
    return tasks


def _frame_member(plan: Plan, member: Resource, steps: dict[str, Step], promotable: bool) -> None:
    for task in ("start", "promote") if promotable else ("start",):
        done = steps[DONE[task]]
        found = plan.all_of(member, task)
        for step in found:
            plan.order(steps[task], step, o.GRAPH_FIRST, "group")
            flags = o.FIRST_IMPLIES_THEN | o.UNRUNNABLE_BLOCKS | o.GRAPH_THEN
            plan.order(step, done, flags, "group")
        if not found and task == "start" and not _fine_without_start(plan, member):
            done.forbid(f"{member.label} can't run")
    for task in ("stop", "demote") if promotable else ("stop",):
        for step in plan.all_of(member, task):
            plan.order(steps[task], step, o.GRAPH_FIRST, "group")
            plan.order(step, steps[DONE[task]], o.FIRST_IMPLIES_THEN | o.GRAPH_THEN, "group")


def _fine_without_start(plan: Plan, member: Resource) -> bool:
    return bool(member.active) and plan.placement.node_of.get(member.id) in member.active


def _in_turn(plan: Plan, before: Resource, member: Resource) -> None:
    """What holds between two neighbours in an ordered group."""
    for task in ("start", "promote"):
        for then in plan.all_of(member, task):
            firsts = plan.all_of(before, task)
            for first in firsts:
                plan.order(first, then, o.MANDATORY_START, "group")
            ours = before.managed or member.managed
            stuck = not firsts and task == "start" and not _fine_without_start(plan, before)
            if stuck and ours:
                then.forbid(f"{before.label} before it in the group can't run")
    for task in ("stop", "demote"):
        for first in plan.all_of(member, task):
            for then in plan.all_of(before, task):
                plan.order(first, then, o.THEN_IMPLIES_FIRST, "group")


def order_clone(plan: Plan, clone: Resource) -> None:
    """All instances stop before any starts; the clone's own steps frame them."""
    tasks = _frame_tasks(clone)
    steps = {task: plan.collective(clone, task) for task in tasks}
    for task in ("running", "promoted"):
        if task in steps:
            steps[task].needed_before = max(1, clone.clone_min)
    for instance in clone.children:
        order_internally(plan, instance)
        _frame_instance(plan, instance, steps)
    for first, then in _LADDER:
        if first in steps and then in steps:
            whole = o.GRAPH_FIRST if DONE.get(first) == then else o.ORDERED
            plan.order(steps[first], steps[then], whole, "clone")
    if clone.ordered:
        _instances_in_turn(plan, clone)


_LADDER = (
    ("start", "running"),
    ("stop", "stopped"),
    ("stopped", "start"),
    ("promote", "promoted"),
    ("demote", "demoted"),
    ("demoted", "stop"),
    ("demoted", "start"),
    ("stopped", "promote"),
    ("running", "promote"),
    ("demoted", "promote"),
)


def _frame_instance(
    plan: Plan, instance: Resource, steps: dict[str, Step], counts: bool = True
) -> None:
    """A group instance is framed by its own collective steps, a primitive by its steps."""
    for task in ("start", "promote", "stop", "demote"):
        if task not in steps:
            continue
        done = steps[DONE[task]]
        up = task in ("start", "promote")
        flags = o.FIRST_IMPLIES_THEN | o.GRAPH_THEN | (o.MIN_RUNNABLE if up and counts else 0)
        if instance.kind == "primitive":
            for step in plan.all_of(instance, task):
                plan.order(steps[task], step, o.GRAPH_FIRST, "clone")
                plan.order(step, done, flags, "clone")
            continue
        begin = plan.find(instance, task)
        end = plan.find(instance, DONE[task])
        if begin is None or end is None:
            continue
        plan.order(steps[task], begin, o.GRAPH_FIRST, "clone")
        placed = plan.placement.node(instance) is not None or instance.kind == "clone"
        plan.order(end, done, flags if placed or not up else o.GRAPH_THEN, "clone")


def _instances_in_turn(plan: Plan, clone: Resource) -> None:
    """Each after all before it, since any between them may have nothing to do."""
    for before, instance in itertools.combinations(clone.children, 2):
        for task in ("start", "promote"):
            _between(plan, before, instance, task)
        for task in ("stop", "demote"):
            _between(plan, instance, before, task)


def _between(plan: Plan, first: Resource, then: Resource, task: str) -> None:
    firsts = plan.all_of(first, task if first.kind == "primitive" else DONE[task])
    for one in firsts:
        for two in plan.all_of(then, task):
            plan.order(one, two, o.ORDERED, "ordered")


def order_bundle(plan: Plan, bundle: Resource) -> None:
    """Everything in it between its own start and running, stop and stopped. A replica that starts
    waits for no other's stop."""
    steps = {task: plan.collective(bundle, task) for task in _frame_tasks(bundle)}
    steps["running"].needed_before = 1
    for part in bundle.children:
        order_internally(plan, part)
        if part.primitive:
            _frame_instance(plan, part, steps, counts=is_container(part))
        else:
            _frame_instance(plan, part, steps, counts=False)
    for first, then in _LADDER:
        if (first, then) != ("stopped", "start") and first in steps and then in steps:
            plan.order(steps[first], steps[then], o.ORDERED, "bundle")


_ORDER: dict[str, Callable[[Plan, Resource], None]] = {
    "primitive": order_primitive,
    "group": order_group,
    "clone": order_clone,
    "bundle": order_bundle,
}

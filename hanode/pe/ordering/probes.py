"""A start waits for all probes of its resource: what if it is active somewhere else?

A probe also comes before the stops of what is mandatorily ordered after the probed one:
if the probe finds that nothing has to restart, nothing should have been stopped.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.assign.bundle import is_container
from hanode.pe.model import ordering as o
from hanode.pe.model.resource import Resource
from hanode.pe.model.step import Step

_BINDING = o.FIRST_IMPLIES_THEN | o.UNRUNNABLE_BLOCKS | o.MIN_RUNNABLE


def order_probes(plan: Plan) -> None:
    """All orderings from probes."""
    for top in plan.placement.cluster.resources:
        for leaf in top.primitives():
            probes = plan.all_of(leaf, "monitor")
            if probes:
                _before_starts(plan, leaf, probes)


def _before_starts(plan: Plan, leaf: Resource, probes: list[Step]) -> None:
    clone = leaf.clone()
    targets = list(plan.all_of(leaf, "start"))
    for reload in plan.all_of(leaf, "reload-agent"):
        for probe in probes:
            plan.order(probe, reload, o.ORDERED, "probe")
    if clone is not None:
        targets += plan.all_of(clone, "start")
        targets += [
            start
            for other in clone.primitives()
            if other is not leaf and other.base == leaf.base
            for start in plan.all_of(other, "start")
        ]
    in_bundle = leaf.replica is not None and leaf.is_connection
    spared: list[Step] = []
    if not in_bundle:
        own = [*plan.all_of(leaf, "start"), *(plan.all_of(clone, "running") if clone else ())]
        possible = [start for start in own if start.node is not None or start.pseudo]
        spared += _stops_that_may_be_spared(plan, leaf, possible)
        spared += _after_own_stop(plan, leaf)
        if not leaf.is_connection:
            spared += _after_possible_stop(plan, leaf)
    if in_bundle and leaf.container is not None:
        for start in plan.all_of(leaf.container, "start"):
            for probe in probes:
                plan.order(start, probe, o.ASYMMETRIC | o.UNRUNNABLE_BLOCKS, "probe")
    if is_container(leaf):
        _before_other_replicas(plan, leaf, probes)
    # What runs is known to; a node that can't be asked yet doesn't keep it from its restart.
    blocks = 0 if leaf.active else o.UNRUNNABLE_BLOCKS
    for probe in probes:
        for start in targets:
            plan.order(probe, start, o.ASYMMETRIC | blocks, "probe")
        for stop in spared:
            implied = stop.pseudo and stop.resource is not None and stop.resource.primitive
            if not implied:
                plan.order(probe, stop, o.ORDERED, "probe")


def _before_other_replicas(plan: Plan, container: Resource, probes: list[Step]) -> None:
    """Where a node may have one replica only, all of a bundle's containers are asked for there
    before any is started: they would get in each other's way.

    The services start when all have been asked for.
    """
    bundle = container.parent
    assert bundle is not None
    for other in bundle.children:
        if other.kind == "clone":
            for probe in probes:
                plan.order(probe, plan.collective(other, "start"), o.ORDERED, "probe")
        if other is container or not is_container(other) or bundle.clone_node_max > 1:
            continue
        for start in plan.all_of(other, "start"):
            for probe in probes:
                if probe.node is start.node:
                    plan.order(probe, start, o.ORDERED, "probe")


def _after_own_stop(plan: Plan, leaf: Resource) -> list[Step]:
    """What waits for this resource's stop: should a probe find it, it must stop first."""
    found: dict[int, Step] = {}
    for stop in plan.all_of(leaf, "stop"):
        for edge in stop.after:
            then = edge.then
            if then.resource is not leaf and then.resource is not None and then.kind == "rsc":
                found.setdefault(then.serial, then)
    return list(found.values())


def _after_possible_stop(plan: Plan, leaf: Resource) -> list[Step]:
    """The same for what isn't known to be active anywhere: what the operator's orders say."""
    found: list[Step] = []
    for pair in plan.placement.constraints.orders:
        if pair.first is leaf and pair.first_task == "stop" and pair.then.primitive:
            found += plan.all_of(pair.then, pair.then_task)
    return found


def _stops_that_may_be_spared(plan: Plan, leaf: Resource, starts: list[Step]) -> list[Step]:
    """Stops of everything whose start is bound to come after one of these."""
    seen = {start.serial for start in starts}
    todo = list(starts)
    found: dict[int, Step] = {}
    while todo:
        step = todo.pop()
        for edge in step.after:
            then = edge.then
            if then.serial in seen or not edge.flags & _BINDING or edge.flags & o.ASYMMETRIC:
                continue
            if then.task not in ("start", "running", "promote", "promoted") and then.resource:
                continue
            seen.add(then.serial)
            todo.append(then)
            resource = then.resource
            if resource is None or resource is leaf or then.task != "start":
                continue
            if resource.replica is not None or resource.kind == "bundle":
                continue
            for stop in plan.all_of(resource, "stop"):
                found.setdefault(stop.serial, stop)
    return list(found.values())

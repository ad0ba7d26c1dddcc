"""Nodes that must be let in by a fence device before they may use what it guards.

Where a device `provides` unfencing, a node that joins is switched `on` before anything
that requires it is probed or started there; and again when the device itself changed. Where
one `provides` isolation, the node may have been cut off with all that it ran: it is let in
once that is known and has stopped, as well as what the others run, and a lost one can run no more.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.isolated import is_let_in


def plan_unfencing(plan: Plan) -> None:
    """One `on` for each node that needs it."""
    cluster = plan.placement.cluster
    if not cluster.unfencing or not cluster.options.fencing_enabled:
        return
    devices = [leaf for leaf in cluster.primitives() if leaf.is_fence_device]
    changed = {
        node.name: device for device in devices if device.needs_restart for node in device.active
    }
    for node in sorted(cluster.nodes.values(), key=lambda entry: entry.name):
        if node.is_remote or not node.online or node.unclean or node.pending:
            continue
        if not is_let_in(node):
            _unfence(plan, node, f"{node.name} was not unfenced yet", None)
        elif node.name in changed:
            device = changed[node.name]
            _unfence(plan, node, f"fence device {device.label} changed", device)


def _unfence(plan: Plan, node: Node, why: str, device: Resource | None) -> None:
    step = plan.other(f"stonith-{node.name}-on", "on", "fence", None, node)
    step.optional = False
    step.reason = why
    plan.unfencing[node.name] = step
    running = {resource.base for resource in node.running if resource.base}
    for leaf in plan.placement.cluster.primitives():
        guarded = leaf.needs == "unfencing"
        if not guarded and not leaf.is_fence_device:
            continue
        for probe in plan.all_of(leaf, "monitor"):
            if probe.node is node and plan.placement.cluster.isolation:
                plan.order(probe, step, o.ORDERED, "unfencing")
            elif probe.node is node:
                plan.order(step, probe, o.ORDERED | o.UNRUNNABLE_BLOCKS, "unfencing")
        if plan.placement.cluster.isolation and (node in leaf.active or leaf.base in running):
            for down in [*plan.all_of(leaf, "demote"), *plan.all_of(leaf, "stop")]:
                plan.order(down, step, o.ORDERED | o.UNRUNNABLE_BLOCKS, "unfencing")
        start = plan.find(leaf, "start", node)
        if start is not None and (guarded or leaf is device):
            plan.order(step, start, o.ORDERED | o.UNRUNNABLE_BLOCKS, "unfencing")
        if device is not None and guarded and node in leaf.active:
            stop = plan.step(leaf, "stop", node, optional=False)
            stop.reason = why
            plan.order(stop, step, o.ORDERED, "unfencing")


def let_in_last(plan: Plan) -> None:
    """What an isolated node runs may run elsewhere, too: on one that is lost and not yet fenced, or
    not yet looked at."""
    if not plan.placement.cluster.isolation:
        return
    probes = [
        probe
        for leaf in plan.placement.cluster.primitives()
        for probe in plan.all_of(leaf, "monitor")
        if not probe.interval_ms
    ]
    for step in plan.unfencing.values():
        for fence in plan.fencing.values():
            plan.order(fence, step, o.ORDERED | o.UNRUNNABLE_BLOCKS, "unfencing")
        for probe in probes:
            plan.order(probe, step, o.ORDERED, "unfencing")

"""Nodes that must be fenced, and what follows from that for what ran on them.

Fencing a node ends everything on it, so stops and demotes there become formalities: they
run by themselves once the fencing is confirmed. Starts that require fencing wait for it.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.step import Step


def plan_fencing(plan: Plan) -> None:
    """One fencing for each unclean node that may be fenced."""
    cluster = plan.placement.cluster
    _fence_all_without_quorum(cluster)
    _fence_unreachable(plan)
    if cluster.options.maintenance:
        return  # nothing is ours to recover
    found: list[Step] = []
    last: Step | None = None
    for node in sorted(cluster.nodes.values(), key=lambda entry: entry.name):
        if node.is_guest:
            recovers = node.remote_requires_reset or node.unclean
            if recovers and not _out_of_reach(cluster, node):
                _fence_guest(plan, node)
            continue
        if not (node.unclean and cluster.can_fence(node)):
            continue
        step = _fence(plan, node)
        if node.is_dc:
            last = step
        else:
            if found and not cluster.options.concurrent_fencing:
                plan.order(found[-1], step, o.ORDERED, "fencing")
            found.append(step)
    if last is not None:
        for step in found:
            plan.order(step, last, o.ORDERED, "dc-last")


def _fence_all_without_quorum(cluster: Cluster) -> None:
    """no-quorum-policy=fence: what is left of us had better be gone."""
    options = cluster.options
    if options.have_quorum or options.no_quorum_policy != "fence":
        return
    if not cluster.cib.status.had_quorum:
        return
    for node in cluster.nodes.values():
        if node.online and not node.unclean and not node.is_remote:
            cluster.demand_fencing(node, "the cluster has no quorum")


def _fence_unreachable(plan: Plan) -> None:
    """A remote node whose connection was lost and finds no new home may run anything."""
    cluster = plan.placement.cluster
    for node in cluster.nodes.values():
        connection = node.connection
        if node.type != "remote" or connection is None or node.unclean:
            continue
        if not cluster.options.fencing_enabled or not connection.managed:
            continue
        if plan.placement.node_of.get(connection.id) is not None or not connection.active:
            continue
        if not all(host.unclean for host in connection.active):
            continue
        if node.running or not node.known_history:
            cluster.demand_fencing(node, "its connection is lost and can't be recovered")


def _fence(plan: Plan, node: Node) -> Step:
    cluster = plan.placement.cluster
    operation = cluster.options.fencing_action
    step = plan.other(f"stonith-{node.name}-{operation}", operation, "fence", None, node)
    step.optional = False
    step.reason = node.why_unclean
    plan.fencing[node.name] = step
    _end_everything(plan, node, step)
    _hold_starts(plan, node, step)
    if node.connection is not None:
        for start in plan.all_of(node.connection, "start"):
            plan.order(step, start, o.ORDERED, "fencing")
    return step


def _out_of_reach(cluster: Cluster, guest: Node) -> bool:
    """Whether it runs on a lost node that we may not fence: then nothing ends it."""
    container = guest.connection.container if guest.connection is not None else None
    hosts = container.active if container is not None else []
    return any(host.unclean and not cluster.can_fence(host) for host in hosts)


def _fence_guest(plan: Plan, node: Node) -> None:
    """A guest is fenced by the recovery of the resource that it runs in."""
    connection = node.connection
    container = connection.container if connection is not None else None
    stop: Step | None = None
    if container is not None:
        stops = [s for s in plan.all_of(container, "stop") if s.required]
        stop = stops[0] if stops else None
    cluster = plan.placement.cluster
    comes_back = container is None or plan.placement.node_of.get(container.id) is not None
    operation = cluster.options.fencing_action if comes_back else "off"
    why = node.why_unclean or f"guest {node.name} is to be recovered"
    step = plan.other(f"stonith-{node.name}-{operation}", operation, "fence", container, node)
    step.pseudo = True
    step.optional = False
    step.reason = why
    plan.fencing[node.name] = step
    if stop is not None:
        plan.order(stop, step, o.UNRUNNABLE_BLOCKS | o.FIRST_IMPLIES_THEN, "guest")
        hosts = (
            [plan.fencing[n.name] for n in container.active if n.name in plan.fencing]
            if (container is not None)
            else []
        )
        for host in hosts:
            plan.order(host, step, o.ORDERED, "guest")
    if connection is not None:
        for start in plan.all_of(connection, "start"):
            plan.order(step, start, o.ORDERED, "guest")
        if container is not None:
            for down in plan.all_of(connection, "stop"):
                for up in plan.all_of(container, "start"):
                    plan.order(down, up, o.ORDERED, "guest")
    _end_everything(plan, node, step)
    _hold_starts(plan, node, step)


def _end_everything(plan: Plan, node: Node, fence: Step) -> None:
    """Stops and demotes on the fenced node need nobody to execute them."""
    for step in plan.steps:
        if step.node is not node or step.resource is None or step.kind != "rsc":
            continue
        if step.task not in ("stop", "demote"):
            continue
        resource = step.resource
        if not resource.managed:
            continue
        step.pseudo = True
        if not step.runnable:
            step.runnable = True
            step.blocked_by = ""
        if resource.needs in ("fencing", "unfencing") or not _cares_not(resource):
            plan.order(fence, step, o.FIRST_IMPLIES_THEN, "fencing")
            top = resource.top()
            if step.task == "stop" and top is not resource:
                plan.order(fence, plan.collective(top, "stop"), o.ORDERED, "fencing")


def _cares_not(resource: Resource) -> bool:
    return resource.needs in ("nothing", "quorum")


def _hold_starts(plan: Plan, node: Node, fence: Step) -> None:
    for step in plan.steps:
        resource = step.resource
        if resource is None or step.task not in ("start", "promote") or not resource.primitive:
            continue
        if step.kind != "rsc":
            continue
        match resource.needs:
            case "fencing" | "unfencing":
                plan.order(fence, step, o.ORDERED | o.UNRUNNABLE_BLOCKS, "fencing")
            case "quorum" if step.task == "start" and _may_run_there(plan, resource, node):
                plan.order(fence, step, o.ORDERED | o.UNRUNNABLE_BLOCKS, "fencing")


def _may_run_there(plan: Plan, resource: Resource, node: Node) -> bool:
    """Whether it could be active on the lost node without our knowing."""
    table = plan.placement.tables.of(resource)
    return node.name in table and not _is_known(resource, node)


def _is_known(resource: Resource, node: Node) -> bool:
    """Of an anonymous clone, what is known of any instance is known of all."""
    clone = resource.instance_of
    if clone is None or clone.unique or resource.parent is not clone:
        return node.name in resource.known
    return any(node.name in leaf.known for leaf in clone.primitives())

"""What is no longer of use: fail counts that expired, history of what isn't configured."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.actions.recurring import cancel_step
from hanode.pe.model import ordering as o
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.expiry import fail_count, forgive_failures
from hanode.pe.unpack.operations import find_operation


def plan_cleanups(plan: Plan) -> None:
    """Steps that forget."""
    cluster = plan.placement.cluster
    _note_expired(plan)
    for resource in cluster.primitives():
        _orphan_operations(plan, resource)
    for resource, node, why in cluster.clear_failcounts.values():
        if why.startswith("shutdown lock"):
            _forget(plan, resource, node, why)
            continue
        if not node.online or node.unclean or not resource.managed:
            continue
        key = f"{resource.label}_clear_failcount_0"
        step = plan.other(key, "clear_failcount", "cleanup", resource, node)
        step.optional = False
        step.reason = why
        remote = resource.remote_node
        if remote is not None and remote.name in plan.fencing:
            plan.order(plan.fencing[remote.name], step, o.ORDERED, "fencing")
    for resource in cluster.primitives():
        if resource.orphan and resource.instance_of is None:
            _orphan_history(plan, resource)
            _orphan_failures(plan, resource)
        for name in resource.other_agent_on:
            node = cluster.nodes[name]
            if node.online and not node.unclean and not node.shutdown:
                delete_history(plan, resource, node, "its agent was changed")


def _note_expired(plan: Plan) -> None:
    """Counts of failures that are old enough, with nothing left in the history."""
    cluster = plan.placement.cluster
    for node in cluster.nodes.values():
        if not any(name.startswith("fail-count-") for name in node.attributes):
            continue
        for leaf in cluster.primitives():
            if (
                not leaf.failure_timeout_ms
                or leaf.orphan
                or not _has_old_results(cluster, leaf, node)
            ):
                continue
            count, _ = fail_count(cluster, leaf, node, effective=False)
            if count and not fail_count(cluster, leaf, node)[0]:
                entry = (leaf, node, "it expired")
                cluster.clear_failcounts.setdefault((leaf.id, node.name), entry)


def _has_old_results(cluster: Cluster, leaf: Resource, node: Node) -> bool:
    """Whether any result is older than the time after which failures are forgotten."""
    limit = cluster.now - leaf.failure_timeout_ms // 1000
    history = cluster.history.get((leaf.id, node.name), ())
    return any(0 < operation.last_rc_change <= limit for operation in history)


def _forget(plan: Plan, resource: Resource, node: Node, why: str) -> None:
    step = plan.other(f"{resource.label}_lrm_delete_0", "lrm_delete", "cleanup", resource, node)
    step.optional = False
    step.reason = why


def _orphan_operations(plan: Plan, resource: Resource) -> None:
    """Recurring operations in the history that are not configured any more."""
    cluster = plan.placement.cluster
    if resource.orphan or not cluster.options.stop_orphan_actions:
        return
    goes_on = plan.placement.node_of.get(resource.id) is not None
    for node in resource.active:
        if not node.serves():
            continue
        seen = set()
        for operation in cluster.history.get((resource.id, node.name), ()):
            interval = operation.interval_ms
            if not interval or (operation.task, interval) in seen:
                continue
            seen.add((operation.task, interval))
            if find_operation(resource, operation.task, interval) is not None:
                continue
            forgive_failures(cluster, resource, node)
            if goes_on:
                why = "it is not configured"
                cancel = cancel_step(plan, resource, node, operation.task, interval, why)
                for stop in plan.all_of(resource, "stop"):
                    plan.order(stop, cancel, o.ORDERED, "cancel")


def _orphan_history(plan: Plan, resource: Resource) -> None:
    """An orphan that was stopped leaves a history behind; it goes after the stop."""
    cluster = plan.placement.cluster
    if resource.instance_of is not None or not cluster.options.stop_orphans:
        return
    if resource.failed:
        return  # what happened is not forgotten before it is over
    for name in resource.known_as:
        node = cluster.nodes[name]
        if node.serves():
            delete_history(plan, resource, node, f"{resource.label} is not configured")


def _orphan_failures(plan: Plan, resource: Resource) -> None:
    cluster = plan.placement.cluster
    if not cluster.options.stop_orphans:
        return
    for node in cluster.nodes.values():
        if _ends(plan, node):
            continue
        if node.online and not node.unclean and fail_count(cluster, resource, node)[0]:
            key = f"{resource.label}_clear_failcount_0"
            step = plan.other(key, "clear_failcount", "cleanup", resource, node)
            step.optional = False
            step.reason = f"{resource.label} is not configured"
            for stop in plan.all_of(resource, "stop"):
                plan.order(step, stop, o.ORDERED, "cleanup")


def _ends(plan: Plan, node: Node) -> bool:
    """Whether it is behind a connection that is given up, and its counts with it."""
    return node.connection is not None and plan.placement.node_of.get(node.connection.id) is None


def delete_history(plan: Plan, resource: Resource, node: Node, why: str) -> None:
    """Forget all results of a resource on a node, once it is stopped there. Instances that bear
    one name in the history stop everywhere first."""
    if not resource.managed:
        return
    delete = plan.other(f"{resource.label}_delete_0", "delete", "cleanup", resource, node)
    delete.optional = False
    delete.reason = why
    clone = resource.clone()
    alike = (
        [leaf for leaf in clone.primitives() if leaf.name == resource.name]
        if clone is not None
        else [resource]
    )
    for stop in (stop for one in alike for stop in plan.all_of(one, "stop")):
        flags = o.ORDERED | (o.UNRUNNABLE_BLOCKS if stop.node is node else 0)
        plan.order(stop, delete, flags, "cleanup")
    for start in plan.all_of(resource, "start"):
        plan.order(delete, start, o.ORDERED, "cleanup")

"""Each resource's own wishes and bans, before anyone else is asked.

Health, location constraints, stickiness, failures, orphans, tickets, locks.
"""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.tickets import apply_tickets
from hanode.pe.model.constraint import Place
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.unpack.expiry import fail_count, failing_nodes
from hanode.pe.unpack.meta import truth


def apply_criteria(placement: Placement) -> None:
    """Fill the tables."""
    cluster = placement.cluster
    _first_tables(placement)
    _health(placement)
    exclusive: dict[str, set[str]] = {}
    for place in placement.constraints.places:
        apply_place(placement, place, exclusive)
    for leaf in cluster.primitives():
        _hold(placement, leaf)
    apply_tickets(placement)
    failing = failing_nodes(cluster)
    for resource in cluster.everything():
        if resource.kind == "primitive":
            _stick(placement, resource)
            _thresholds(placement, resource, failing)
            _orphans(placement, resource)
    for resource, node, why in cluster.failed_bans:
        _ban_failed(placement, resource, node, why)
    _exclusive(placement, exclusive)
    _locks(placement)


def _first_tables(placement: Placement) -> None:
    # Nothing but its own service runs on a bundle's guest node.
    names = [
        node.name for node in placement.cluster.nodes.values() if not node.known and not node.bundle
    ]
    for resource in placement.cluster.everything():
        table: dict[str, int] = {}
        if placement.cluster.options.symmetric:
            table = dict.fromkeys(names, 0)
            if resource.replica is not None:
                for name in names:
                    if placement.cluster.nodes[name].is_guest:
                        del table[name]
                if resource.is_connection:
                    _cluster_nodes_only(placement, table)
                placement.tables.by_id[resource.id] = table
                continue
            hosts_a_node = any(filler.is_connection for filler in resource.fillers)
            if resource.is_connection or resource.is_fence_device or hosts_a_node:
                _cluster_nodes_only(placement, table)
        placement.tables.by_id[resource.id] = table


def _cluster_nodes_only(placement: Placement, table: dict[str, int]) -> None:
    for name in list(table):
        if placement.cluster.nodes[name].is_remote:
            table[name] = -INFINITY


def _health(placement: Placement) -> None:
    from hanode.pe.assign.health import health_scores

    scores = health_scores(placement.cluster)
    for name, score in scores.items():
        if score:
            why = f"health of {name}"
            for top in placement.cluster.resources:
                if not truth(top.meta, "allow-unhealthy-nodes", False):
                    _spread(placement, top, name, score, "node-health", why)


def apply_place(
    placement: Placement, place: Place, exclusive: dict[str, set[str]] | None = None
) -> None:
    """One location constraint, for the resource and what is in it."""
    if place.role != Role.UNKNOWN:
        return
    resource = place.resource
    if exclusive is not None and place.discovery == "exclusive":
        for part in resource.everything():
            exclusive.setdefault(part.id, set()).update(place.scores)
    for name, score in place.scores.items():
        _spread(placement, resource, name, score, place.id, place.sentence)


def _spread(
    placement: Placement, resource: Resource, node: str, score: int, source: str, why: str
) -> None:
    """A group's later members follow the first, so only the first gets the score."""
    placement.tables.add(resource, node, score, source, why)
    if resource.kind == "group":
        for at, member in enumerate(resource.children):
            amount = score if at == 0 else 0
            placement.tables.add(member, node, amount, source, why)
    elif resource.kind == "bundle":
        from hanode.pe.assign.bundle import containers

        for container in containers(resource):
            placement.tables.add(container, node, score, source, why)
    else:
        for child in resource.children:
            _spread(placement, child, node, score, source, why)


def _hold(placement: Placement, resource: Resource) -> None:
    """What is unmanaged will stay; what a lost ticket freezes will, too, but isn't bound to."""
    if not resource.managed:
        for node in resource.active:
            why = f"{resource.label} is active there and unmanaged"
            placement.tables.add(resource, node.name, INFINITY, "is-managed", why)


def _stick(placement: Placement, resource: Resource) -> None:
    """Stay where you are, as much as you are worth it."""
    if not resource.managed or resource.stickiness == 0 or len(resource.active) != 1:
        return
    node = resource.active[0]
    table = placement.tables.of(resource)
    if not placement.cluster.options.symmetric and node.name not in table:
        return
    why = f"{resource.label} is active there and prefers to stay"
    placement.tables.add(resource, node.name, resource.stickiness, "resource-stickiness", why)


def _thresholds(placement: Placement, resource: Resource, failing: list[Node]) -> None:
    """Too many failures on a node: not there again, until somebody cleans up."""
    cluster = placement.cluster
    if resource.migration_threshold == 0 or resource.orphan or resource.failure_ignored:
        return
    for node in failing:
        if (resource.id, node.name) in cluster.forgiven:
            continue
        count = effective_failures(placement, resource, node)
        if count <= 0:
            continue
        if count >= resource.migration_threshold:
            how = (
                "for good there, until it is cleaned up"
                if count >= INFINITY
                else f"{count} times there, which is the limit"
            )
            why = f"{resource.label} failed {how}"
            _ban_failed(placement, resource, node, why, instances=True)


def effective_failures(placement: Placement, resource: Resource, node: Node) -> int:
    """Fail count with those of what runs inside it."""
    cluster = placement.cluster
    count, _ = fail_count(cluster, resource, node)
    for filler in resource.fillers:
        if not filler.is_connection:
            count = min(INFINITY, count + fail_count(cluster, filler, node)[0])
    return count


def _ban_failed(
    placement: Placement, resource: Resource, node: Node, why: str, instances: bool = False
) -> None:
    """An anonymous instance's failure bans the whole clone: any instance would fail.

    `instances`: even in their own eyes, so that one that is there is served after the others.
    """
    target = resource
    if resource.instance_of is not None and not resource.unique:
        target = resource.top(with_bundle=False)
    if target.kind == "clone":
        for instance in target.children:
            for part in instance.everything():
                if part.base == resource.base or (instances and part is instance):
                    placement.tables.add(part, node.name, -INFINITY, "failure", why)
        placement.tables.add(target, node.name, -INFINITY, "failure", why)
    elif node.name in placement.tables.of(resource):
        placement.tables.add(resource, node.name, -INFINITY, "failure", why)


def _orphans(placement: Placement, resource: Resource) -> None:
    if resource.orphan and placement.cluster.options.stop_orphans:
        why = f"{resource.label} is not configured"
        placement.tables.ban_everywhere(resource, "orphan", why)


def _exclusive(placement: Placement, exclusive: dict[str, set[str]]) -> None:
    """resource-discovery=exclusive: nowhere but on the nodes named so.

    A group's member goes where its group goes; for it alone only probes are restricted.
    """
    never = placement.constraints.never
    for name, nodes in exclusive.items():
        table = placement.tables.by_id[name]
        resource = placement.cluster.by_id[name]
        resource.exclusive_discovery = True
        if name in never:
            never[name] -= nodes
        if resource.replica is not None and resource.is_connection:
            continue  # it follows its container, if that has a place
        outer = resource.parent
        if outer is not None and outer.kind == "group" and outer.id not in exclusive:
            never.setdefault(name, set()).update(set(table) - nodes)
            continue
        for node in list(table):
            if node not in nodes:
                del table[node]


def _locks(placement: Placement) -> None:
    """What a leaving node ran waits for its return, if the operator wants it so."""
    if not placement.cluster.options.shutdown_lock:
        return
    for leaf in placement.cluster.primitives():
        if leaf.active:
            node = leaf.active[0]
            alone = len(leaf.active) == 1 and node.shutdown and not node.is_remote
            simple = leaf.clone() is None and leaf.replica is None and not leaf.is_fence_device
            leaf.locked_to = node if alone and simple and leaf.managed else None
        if leaf.locked_to is None:
            continue
        why = f"{leaf.label} waits for the return of {leaf.locked_to.name}"
        for name in list(placement.tables.of(leaf)):
            if name != leaf.locked_to.name:
                placement.tables.ban(leaf, name, "shutdown-lock", why)

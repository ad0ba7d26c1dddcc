"""Before a resource starts anywhere, its state is asked for wherever it isn't known."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def plan_probes(plan: Plan) -> None:
    """A one-time monitor for each (resource, node) without history."""
    cluster = plan.placement.cluster
    if not cluster.options.probes:
        return
    for node in cluster.nodes.values():
        if not (node.online or node.pending) or node.unclean:
            continue
        if not node.discovery and node.is_remote:
            continue
        for top in cluster.resources:
            if top.kind == "primitive" and node.name in top.known:
                continue
            _probe(plan, top, node)


def _probe(plan: Plan, resource: Resource, node: Node) -> None:
    match resource.kind:
        case "primitive":
            probe_primitive(plan, resource, node)
        case "group":
            for member in resource.children:
                if node.name not in member.known:
                    _probe(plan, member, node)
        case "clone" if not resource.unique:
            _probe_anonymous(plan, resource, node)
        case _:
            for child in resource.children:
                _probe(plan, child, node)


def _probe_anonymous(plan: Plan, clone: Resource, node: Node) -> None:
    """Any instance may ask, and one is enough: the one that will be there, if one will."""
    placement = plan.placement
    chosen: Resource | None = None
    for instance in clone.children:
        if any(node in leaf.active for leaf in instance.primitives()):
            chosen = instance
            break
        if chosen is None and placement.node(instance) is node:
            chosen = instance
    if chosen is None:
        chosen = next((i for i in clone.children if not i.is_active() and not _surplus(i)), None)
    if chosen is None and clone.children:
        chosen = clone.children[0]
    if chosen is None:
        return
    for leaf in chosen.primitives():
        if not _known_of_any(clone, leaf, node):
            probe_primitive(plan, leaf, node)


def _surplus(instance: Resource) -> bool:
    """One that only a history knows of is asked for nowhere."""
    return any(leaf.orphan for leaf in instance.primitives())


def _known_of_any(clone: Resource, leaf: Resource, node: Node) -> bool:
    return any(
        node.name in other.known
        for instance in clone.children
        for other in instance.primitives()
        if other.base == leaf.base
    )


def probe_primitive(plan: Plan, resource: Resource, node: Node) -> None:
    """One probe, unless there is a reason not to."""
    if not _wanted(plan, resource, node):
        return
    probe = plan.step(resource, "monitor", node, optional=False)
    probe.reason = f"the state of {resource.label} on {node.name} is not known"
    probe.expected_rc = 7
    if resource.role == Role.STOPPED or node not in resource.active:
        probe.expected_rc = 7


def _hosts_a_node(resource: Resource) -> bool:
    return any(filler.is_connection for filler in resource.fillers)


def _wanted(plan: Plan, resource: Resource, node: Node) -> bool:
    placement = plan.placement
    if resource.orphan or node.name in resource.known or node in resource.active:
        return False
    if node.is_remote and (resource.is_fence_device or resource.is_connection):
        return False
    if node.is_guest and _hosts_a_node(resource):
        return False
    if resource.container is not None and not resource.is_connection:
        return False
    if resource.replica is not None and resource.is_connection:
        # Only a container that is there can be asked for.
        inside = resource.container
        if inside is None or not (placement.node_of.get(inside.id) or inside.active):
            return False
    if resource.host is not None and node is not resource.host:
        return False
    if node.bundle and resource.host is None:
        return False
    table = placement.tables.of(resource)
    if resource.exclusive_discovery and node.name not in table:
        return False
    never = placement.constraints.never
    if node.name in never.get(resource.id, ()) or node.name in never.get(resource.top().id, ()):
        return False
    if node.is_guest and node.connection is not None:
        container = node.connection.container
        if container is not None:
            if container is resource:
                return False
            if placement.node_of.get(container.id) is None:
                return False
            if placement.node_of.get(container.id) not in container.active:
                return False
            if container.failed:
                return False
    return True

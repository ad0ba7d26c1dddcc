"""The second stage: how well each node suits each resource, and where each one goes."""

from __future__ import annotations

from collections.abc import Callable

from hanode.pe.assign.bundle import assign_bundle
from hanode.pe.assign.clone import assign_clone
from hanode.pe.assign.criteria import apply_criteria
from hanode.pe.assign.group import assign_group
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.primitive import assign_primitive
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.constraint import Constraints
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource

ASSIGN: dict[str, Callable[[Placement, Resource, Node | None], Node | None]] = {
    "primitive": assign_primitive,
    "group": assign_group,
    "clone": assign_clone,
    "bundle": assign_bundle,
}


def assign(placement: Placement, resource: Resource, prefer: Node | None = None) -> Node | None:
    """Decide one resource of any kind."""
    return ASSIGN[resource.kind](placement, resource, prefer)


def assign_all(cluster: Cluster, constraints: Constraints) -> Placement:
    """Every resource's place and role: connections first, since nodes hang on them."""
    placement = Placement(cluster, constraints)
    apply_criteria(placement)
    resources = cluster.resources
    if cluster.options.placement != "default":
        from hanode.pe.assign.precedence import by_wish

        resources = by_wish(placement, resources)
    for resource in resources:
        for leaf in resource.primitives():
            if leaf.is_connection and leaf.remote_node is not None and leaf.replica is None:
                assign(placement, resource)
                break
    for resource in resources:
        assign(placement, resource)
    return placement

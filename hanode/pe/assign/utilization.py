"""Capacities: a node that can't hold a resource with all that goes with it is out."""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.choice import compare_capacity
from hanode.pe.assign.colocations import this_with, with_this
from hanode.pe.assign.placement import Placement
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource


def narrow(placement: Placement, resource: Resource, prefer: Node | None) -> Node | None:
    """Ban nodes that are too small; returns the node to prefer."""
    if placement.cluster.options.placement == "default":
        return prefer
    together = _together(placement, resource)
    needed = _sum(together)
    if not needed:
        return prefer
    nodes = placement.cluster.nodes
    table = placement.tables.of(resource)
    able = [n for n in table if placement.usable(nodes[n]) and _holds(placement, n, needed)]
    biggest: str | None = None
    if not any(table[name] >= 0 for name in able):
        # Not all of them fit anywhere: at least this one must.
        needed = resource.utilization
        for name in table:
            if not placement.usable(nodes[name]) or not _holds(placement, name, needed):
                continue
            if (
                biggest is None
                or compare_capacity(placement.free[name], placement.free[biggest]) < 0
            ):
                biggest = name
    for name in table:
        if not _holds(placement, name, needed):
            why = f"{name} has not enough free capacity"
            placement.tables.add(resource, name, -INFINITY, "utilization", why)
    if biggest is not None and prefer is None and len(together) > 1:
        return nodes[biggest]
    return prefer


def _together(placement: Placement, resource: Resource) -> list[Resource]:
    """Itself and all undecided ones that must be where it is."""
    found, todo = {resource.id: resource}, [resource]
    while todo:
        current = todo.pop()
        others = [c.primary for c in this_with(placement, current) if c.score >= INFINITY]
        others += [c.dependent for c in with_this(placement, current) if c.score >= INFINITY]
        for other in others:
            leaves = list(other.primitives()) if other.kind == "group" else [other]
            for leaf in leaves:
                if leaf.kind != "primitive" or leaf.id in found:
                    continue
                if leaf.id in placement.node_of:
                    continue
                found[leaf.id] = leaf
                todo.append(leaf)
    return list(found.values())


def _sum(resources: list[Resource]) -> dict[str, int]:
    total: dict[str, int] = {}
    for resource in resources:
        for capacity, amount in resource.utilization.items():
            total[capacity] = total.get(capacity, 0) + amount
    return total


def _holds(placement: Placement, node: str, needed: dict[str, int]) -> bool:
    free = placement.free[node]
    return all(free.get(capacity, 0) >= amount for capacity, amount in needed.items())

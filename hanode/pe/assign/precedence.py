"""With capacities, who is served first: by priority, then who would lose most by waiting."""

from __future__ import annotations

from functools import cmp_to_key

from hanode.pe.assign.placement import Placement
from hanode.pe.model.resource import Resource
from hanode.pe.model.score import INFINITY


def by_wish(placement: Placement, resources: list[Resource]) -> list[Resource]:
    """Highest priority first, then the higher score on the node where it is (or wants to be)."""
    order = {resource.id: at for at, resource in enumerate(resources)}
    nodes = sorted(placement.cluster.nodes.values(), key=lambda n: n.name)

    def scores(resource: Resource) -> dict[str, int]:
        return placement.tables.of(resource)

    def compare(first: Resource, second: Resource) -> int:
        if first.priority != second.priority:
            return second.priority - first.priority
        one, two = scores(first), scores(second)
        here, there = first.active_nodes(), second.active_nodes()
        if here and there:
            mine = one.get(here[0].name, -INFINITY)
            other = two.get(there[0].name, -INFINITY)
            if mine != other:
                return other - mine
        for node in nodes:
            mine, other = one.get(node.name, -INFINITY), two.get(node.name, -INFINITY)
            if mine != other:
                return other - mine
        return order[first.id] - order[second.id]

    return sorted(resources, key=cmp_to_key(compare))

"""With capacities, who is served first: by priority, then who would lose most by waiting."""

from __future__ import annotations

from hanode.pe.assign.placement import Placement
from hanode.pe.model.resource import Resource
from hanode.pe.model.score import INFINITY


def by_wish(placement: Placement, resources: list[Resource]) -> list[Resource]:
    """Highest priority first, then the higher score on the node where it is, then on any."""
    names = sorted(placement.cluster.nodes)

    def key(resource: Resource) -> tuple[int, ...]:
        table = placement.tables.of(resource)
        here = resource.active_nodes()
        now = table.get(here[0].name, -INFINITY) if here else -INFINITY
        return (-resource.priority, -now, *(-table.get(name, -INFINITY) for name in names))

    return sorted(resources, key=key)

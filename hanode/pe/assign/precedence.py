"""With capacities, who is served first: by priority, then who would lose most by waiting."""

from __future__ import annotations

from functools import cmp_to_key, partial

from hanode.cib.score import INFINITY
from hanode.pe.assign.choice import compare_capacity
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.wishes import with_primaries
from hanode.pe.model.resource import Resource


def by_wish(placement: Placement, resources: list[Resource]) -> list[Resource]:
    """Highest priority first, then the higher score on the node where it is, then on any."""
    names = _best_equipped_first(placement)

    def key(resource: Resource) -> tuple[int, ...]:
        table = with_primaries(placement, resource)
        here = resource.active_nodes()
        now = table.get(here[0].name, -INFINITY) if here else -INFINITY
        return (-resource.priority, -now, *(-table.get(name, -INFINITY) for name in names))

    return sorted(resources, key=key)


def _best_equipped_first(placement: Placement) -> list[str]:
    """The nodes in the order in which their scores are compared."""
    names = sorted(placement.cluster.nodes)
    if placement.cluster.options.placement == "balanced":
        by_room = cmp_to_key(partial(_compare_room, placement))
        names.sort(key=by_room)
    return names


def _compare_room(placement: Placement, one: str, two: str) -> int:
    return compare_capacity(placement.free[one], placement.free[two])

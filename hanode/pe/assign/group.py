"""Where a group goes: its members one after the other, each with the one before."""

from __future__ import annotations

from hanode.pe.assign.colocations import this_with
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.primitive import assign_primitive
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource


def assign_group(placement: Placement, group: Resource, prefer: Node | None = None) -> Node | None:
    """Decide the members; returns where the first of those is that has a place."""
    if group.id in placement.decided:
        return _somewhere(placement, group)
    if group.id in placement.assigning:
        return None
    placement.assigning.add(group.id)
    try:
        _ask_primaries(placement, group)
        for member in group.children:
            assign_primitive(placement, member, prefer)
        placement.decided.add(group.id)
        return _somewhere(placement, group)
    finally:
        placement.assigning.discard(group.id)


def _ask_primaries(placement: Placement, group: Resource) -> None:
    """What the group as a whole is to be with is decided before any member has its say."""
    from hanode.pe.assign import assign

    for colocation in this_with(placement, group):
        assign(placement, colocation.primary)


def _somewhere(placement: Placement, group: Resource) -> Node | None:
    return next(iter(placement.nodes(group)), None)

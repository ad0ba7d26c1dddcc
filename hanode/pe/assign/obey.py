"""The dependent's side of a colocation: its scores follow where its primary went."""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.matching import apply_score, role_matches
from hanode.pe.assign.obey_clone import obey_clone
from hanode.pe.assign.placement import Placement
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def obey(placement: Placement, dependent: Resource, colocation: Colocate) -> None:
    """Change the dependent's table by where the primary is, or will be."""
    wanted = colocation.role
    if wanted == Role.PROMOTED or (wanted == Role.UNPROMOTED and colocation.score > 0):
        return  # a matter of promotion, not of place
    from hanode.pe.assign.bundle import obey_bundle

    primary = colocation.primary
    if primary.is_collective and primary.id not in placement.decided:
        return  # a loop of colocations: it waits for us, so we don't wait for it
    if primary.kind == "clone":
        obey_clone(placement, dependent, primary, colocation)
    elif primary.kind == "bundle":
        obey_bundle(placement, dependent, primary, colocation)
    else:
        _obey_one(placement, dependent, primary, colocation)


def _obey_one(
    placement: Placement, dependent: Resource, primary: Resource, colocation: Colocate
) -> None:
    """The primary is a primitive, or a group (which is where its first member is)."""
    leaf = primary.children[-1] if primary.kind == "group" and primary.children else primary
    if not placement.is_decided(leaf):
        return
    node = placement.node_of.get(leaf.id)
    if (
        colocation.primary_role != Role.UNKNOWN
        and node is not None
        and not role_matches(placement, leaf, colocation.primary_role)
    ):
        if colocation.score >= INFINITY and colocation.primary_role == Role.PROMOTED:
            node = None
        else:
            return
    apply_score(placement, dependent, node, colocation, primary)

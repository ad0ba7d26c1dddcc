"""To be with a clone is to be where one of its instances is; instances go with instances."""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.matching import apply_score, role_matches, value_of
from hanode.pe.assign.placement import Placement
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def obey_clone(
    placement: Placement, dependent: Resource, clone: Resource, colocation: Colocate
) -> None:
    wanted = colocation.primary_role
    if wanted == Role.PROMOTED and not clone.promotable:
        return  # it never will be, so that can't have been meant
    instances = [i for i in clone.children if _counts(placement, i, wanted)]
    mine = dependent.clone()
    pairs = mine is not None and mine.interleave and clone.id != mine.id
    if pairs and colocation.score > 0:  # but what keeps off keeps off all instances
        _obey_interleaved(placement, dependent, instances, colocation)
        return
    if mine is not None and 0 < colocation.score < INFINITY:
        return  # a clone would be everywhere: a mere wish to be with another moves nothing
    if colocation.score < INFINITY:
        for instance in instances:
            node = placement.node(instance)
            if node is not None:
                apply_score(placement, dependent, node, colocation, instance)
        return
    values = {
        value_of(node, colocation.attribute)
        for instance in instances
        for node in placement.nodes(instance)
    }
    why = f"must be with {clone.label}, which is not active there"
    if wanted == Role.PROMOTED:
        why = f"must be with {clone.label}, which is not promoted there"
    for name in placement.tables.of(dependent):
        if value_of(placement.cluster.nodes[name], colocation.attribute) not in values:
            placement.tables.add(dependent, name, -INFINITY, colocation.id, why)


def _counts(placement: Placement, instance: Resource, wanted: Role) -> bool:
    if placement.node(instance) is None or any(leaf.blocked for leaf in instance.primitives()):
        return False
    return role_matches(placement, instance, wanted)


def _obey_interleaved(
    placement: Placement, dependent: Resource, instances: list[Resource], colocation: Colocate
) -> None:
    """An instance goes with an instance: the one on the best node for the dependent."""
    for node in _candidates(placement, dependent):
        if placement.tables.of(dependent)[node.name] < 0 and colocation.score > 0:
            continue
        for instance in instances:
            if placement.node(instance) is node:
                apply_score(placement, dependent, node, colocation, instance)
                return
    if colocation.score >= INFINITY:
        why = f"must be with {colocation.primary.label}, which is on no fitting node"
        placement.tables.ban_everywhere(dependent, colocation.id, why)


def _candidates(placement: Placement, dependent: Resource) -> list[Node]:
    """Best first; a later member of a group has no choice but its first one's node."""
    from hanode.pe.assign.choice import ranked

    group = dependent.parent
    there = placement.node(group) if group is not None and group.kind == "group" else None
    if there is not None and there.name in placement.tables.of(dependent):
        return [there]
    return ranked(placement, dependent, None)

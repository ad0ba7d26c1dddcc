"""Which places and roles match what a colocation speaks of."""

from __future__ import annotations

from hanode.cib.score import INFINITY, show
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.tables import Table
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def anywhere(placement: Placement, table: Table) -> bool:
    """Whether any node would do."""
    nodes = placement.cluster.nodes
    return any(score >= 0 and placement.usable(nodes[name]) for name, score in table.items())


def value_of(node: Node, attribute: str) -> str | None:
    return node.name if attribute == "#uname" else node.attributes.get(attribute)


def apply_score(
    placement: Placement,
    dependent: Resource,
    node: Node | None,
    colocation: Colocate,
    primary: Resource,
) -> None:
    """Matching nodes get the score; a mere wish that would leave no node is dropped."""
    before = placement.tables.of(dependent)
    if abs(colocation.score) < INFINITY:
        placement.tables.by_id[dependent.id] = dict(before)
    _apply(placement, dependent, node, colocation, primary)
    after = placement.tables.of(dependent)
    if after is not before and not anywhere(placement, after) and anywhere(placement, before):
        placement.tables.by_id[dependent.id] = before


def _apply(
    placement: Placement,
    dependent: Resource,
    node: Node | None,
    colocation: Colocate,
    primary: Resource,
) -> None:
    """With a mandatory colocation the nodes that don't match are out."""
    table = placement.tables.of(dependent)
    score, source = colocation.score, colocation.id
    nodes = placement.cluster.nodes
    if node is None:
        if score <= 0:
            return
        why = f"colocated with {primary.label}, which is not active"
        for name in table:
            placement.tables.add(dependent, name, -score, source, why)
        return
    wanted = value_of(node, colocation.attribute)
    if score >= INFINITY and colocation.attribute == "#uname":
        why = f"must be with {primary.label}, which is there"
        if node.name in table:
            placement.tables.note(dependent, node.name, 0, source, why)
        why = f"must be with {primary.label} on {node.name}"
        placement.tables.ban_all_but(dependent, {node.name}, source, why)
        return
    for name in table:
        if wanted is not None and value_of(nodes[name], colocation.attribute) == wanted:
            if score < INFINITY:
                why = f"colocated ({show(score)}) with {primary.label} there"
                placement.tables.add(dependent, name, score, source, why)
            else:
                why = f"must be with {primary.label}, which is there"
                placement.tables.note(dependent, name, 0, source, why)
        elif score >= INFINITY:
            why = f"must be with {primary.label} on {node.name}"
            placement.tables.add(dependent, name, -INFINITY, source, why)


def role_matches(placement: Placement, resource: Resource, wanted: Role) -> bool:
    """Whether it is to have the role that a colocation speaks of."""
    if wanted == Role.PROMOTED:
        return placement.role(resource) == Role.PROMOTED
    if wanted == Role.UNPROMOTED:
        return placement.role(resource) != Role.PROMOTED
    return True

"""Which colocations concern a resource, as the dependent or as the primary.

Members and instances share those of what they are in: a group's first member is the
dependent for all of it, its last one the primary.
"""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.placement import Placement
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.resource import Resource

_VARIANT = {"bundle": 0, "clone": 0, "group": 1, "primitive": 2}


def primary_of(primary: Resource) -> Resource:
    """What must be decided so that the primary is: a group's member comes with its group."""
    parent = primary.parent
    if parent is not None and parent.kind == "group":
        return primary
    return primary


def this_with(placement: Placement, resource: Resource) -> list[Colocate]:
    """Colocations that make this one a dependent; members and instances have their parent's."""
    cache = placement.this_with_cache
    found = cache.get(resource.id)
    if found is None:
        found = _collect(placement, resource, dependent=True)
        cache[resource.id] = found
    return found


def with_this(placement: Placement, resource: Resource) -> list[Colocate]:
    """Colocations that make this one a primary."""
    cache = placement.with_this_cache
    found = cache.get(resource.id)
    if found is None:
        found = _collect(placement, resource, dependent=False)
        cache[resource.id] = found
    return found


def _collect(placement: Placement, resource: Resource, dependent: bool) -> list[Colocate]:
    constraints = placement.constraints
    own = constraints.this_with if dependent else constraints.with_this
    found = list(own.get(resource.id, ()))
    parent = resource.parent
    if parent is not None and parent.kind == "group":
        edge = parent.children[0] if dependent else parent.children[-1]
        if resource is edge:
            found.extend(_collect(placement, parent, dependent))
        if dependent:
            found.extend(_shared(placement, parent, resource))
        found.extend(_chain(parent, resource, dependent))
    elif parent is not None and parent.kind == "bundle":
        from hanode.pe.assign.bundle import is_container

        if resource.primitive and is_container(resource):
            found.extend(_collect(placement, parent, dependent))
    elif parent is not None and (dependent or resource.primitive):
        found.extend(_collect(placement, parent, dependent))
    return sort_colocations(found, dependent)


def _shared(placement: Placement, group: Resource, member: Resource) -> list[Colocate]:
    """What must be with something drags its whole group along."""
    own = placement.constraints.this_with
    if member is not group.children[0]:
        outer = _collect(placement, group, dependent=True)
        return [c for c in outer if c.score >= INFINITY]
    return [
        colocation._replace(dependent=member)
        for other in group.children[1:]
        for colocation in own.get(other.id, ())
        if colocation.score >= INFINITY and colocation.primary not in group.children
    ]


def _chain(group: Resource, member: Resource, dependent: bool) -> list[Colocate]:
    """Group members hold together, each with the one before it."""
    at = group.children.index(member)
    if dependent:
        if at == 0:
            return []
        before = group.children[at - 1]
        return [Colocate(f"group:{group.id}", member, before, INFINITY, influence=member.critical)]
    if at + 1 >= len(group.children):
        return []
    after = group.children[at + 1]
    return [Colocate(f"group:{group.id}", after, member, INFINITY, influence=after.critical)]


def sort_colocations(found: list[Colocate], dependent: bool) -> list[Colocate]:
    """The other's priority, then collectives before groups before primitives, then its id."""

    def key(colocation: Colocate) -> tuple[int, int, int, str]:
        other = colocation.primary if dependent else colocation.dependent
        return (-other.priority, _VARIANT[other.kind], 0 if other.promotable else 1, other.id)

    return sorted(found, key=key) if len(found) > 1 else found


def has_influence(colocation: Colocate, primary: Resource) -> bool:
    """Whether the dependent's wishes count: what runs needn't move for one that said so."""
    return colocation.influence or not primary.is_active()

"""How a colocation becomes scores, in both directions.

`obey`: the dependent's scores follow where its primary went. `merge_dependents`: before
the primary goes anywhere, what its dependents would like counts too, weakened by the
colocation's score as a part of infinity.
"""

from __future__ import annotations

import struct

from hanode.pe.assign.placement import Placement
from hanode.pe.assign.tables import Table
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.model.score import INFINITY, add, show

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
    elif parent is not None:
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


# -- the dependent obeys


def obey(placement: Placement, dependent: Resource, colocation: Colocate) -> None:
    """Change the dependent's table by where the primary is, or will be."""
    if colocation.role in (Role.PROMOTED, Role.UNPROMOTED):
        return  # a matter of promotion, not of place
    primary = colocation.primary
    table = placement.tables.of(dependent)
    before = dict(table)
    if primary.is_collective and primary.id not in placement.decided:
        return  # a loop of colocations: it waits for us, so we don't wait for it
    if primary.kind == "clone":
        _obey_clone(placement, dependent, primary, colocation)
    elif primary.kind == "bundle":
        _obey_bundle(placement, dependent, primary, colocation)
    else:
        _obey_one(placement, dependent, primary, colocation)
    finite = abs(colocation.score) < INFINITY
    if (
        finite
        and not _anywhere(placement, placement.tables.of(dependent))
        and _anywhere(placement, before)
    ):
        placement.tables.by_id[dependent.id] = before


def _anywhere(placement: Placement, table: Table) -> bool:
    nodes = placement.cluster.nodes
    return any(score >= 0 and placement.usable(nodes[name]) for name, score in table.items())


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
        and not _role_matches(placement, leaf, colocation.primary_role)
    ):
        if colocation.score >= INFINITY and colocation.primary_role == Role.PROMOTED:
            node = None
        else:
            return
    apply_score(placement, dependent, node, colocation, primary)


def _role_matches(placement: Placement, leaf: Resource, wanted: Role) -> bool:
    have = placement.role(leaf)
    if wanted == Role.PROMOTED:
        return have == Role.PROMOTED
    if wanted == Role.UNPROMOTED:
        return have != Role.PROMOTED
    return True


def value_of(node: Node, attribute: str) -> str | None:
    return node.name if attribute == "#uname" else node.attributes.get(attribute)


def apply_score(
    placement: Placement,
    dependent: Resource,
    node: Node | None,
    colocation: Colocate,
    primary: Resource,
) -> None:
    """Matching nodes get the score; with a mandatory one the others are out."""
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


def _obey_clone(
    placement: Placement, dependent: Resource, clone: Resource, colocation: Colocate
) -> None:
    wanted = colocation.primary_role
    instances = [i for i in clone.children if _counts(placement, i, wanted)]
    mine = dependent.clone()
    if mine is not None and mine.interleave and clone.id != mine.id:
        _obey_interleaved(placement, dependent, instances, colocation)
        return
    if not clone.promotable and wanted == Role.PROMOTED:
        return
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
    if wanted == Role.UNKNOWN:
        return True
    role = placement.role(instance)
    if wanted == Role.PROMOTED:
        return role == Role.PROMOTED
    return role != Role.PROMOTED


def _obey_interleaved(
    placement: Placement, dependent: Resource, instances: list[Resource], colocation: Colocate
) -> None:
    """An instance goes with an instance: the one on the best node for the dependent."""
    from hanode.pe.assign.choice import ranked

    active = dependent.active[0] if dependent.active else None
    for node in ranked(placement, dependent, active):
        if placement.tables.of(dependent)[node.name] < 0 and colocation.score > 0:
            continue
        for instance in instances:
            if placement.node(instance) is node:
                apply_score(placement, dependent, node, colocation, instance)
                return
    if colocation.score >= INFINITY:
        why = f"must be with {colocation.primary.label}, which is on no fitting node"
        placement.tables.ban_everywhere(dependent, colocation.id, why)


def _obey_bundle(
    placement: Placement, dependent: Resource, bundle: Resource, colocation: Colocate
) -> None:
    from hanode.pe.assign.bundle import obey_bundle

    obey_bundle(placement, dependent, bundle, colocation)


# -- the primary considers


def has_influence(placement: Placement, colocation: Colocate, primary: Resource) -> bool:
    """Whether the dependent's wishes count for where the primary goes."""
    if colocation.influence:
        return True
    return not colocation.dependent.is_active()


def merge_dependents(placement: Placement, primary: Resource, colocation: Colocate) -> None:
    """Add what the dependent of one colocation would like to the primary's scores."""
    dependent = colocation.dependent
    if placement.is_decided(dependent) or not has_influence(placement, colocation, primary):
        return
    if (
        colocation.primary_role not in (Role.UNKNOWN, Role.STARTED)
        and primary.clone() is not None
        and colocation.primary_role == Role.PROMOTED
    ):
        return
    factor = colocation.score / INFINITY
    table = placement.tables.of(primary)
    merged = merge(
        placement, dependent, primary.id, table, colocation, _single(factor), active=True
    )
    for name, score in merged.items():
        was = table.get(name)
        if was is not None and score != was:
            why = f"{dependent.label} is colocated with it and has its own wishes"
            placement.tables.note(primary, name, score - was, colocation.id, why)
    placement.tables.by_id[primary.id] = merged


def _single(value: float) -> float:
    """As a single-precision number, in which such factors are kept."""
    return float(struct.unpack("f", struct.pack("f", value))[0])


def merge(
    placement: Placement,
    dependent: Resource,
    asker: str,
    table: Table,
    colocation: Colocate | None,
    factor: float,
    active: bool = False,
    positive: bool = False,
    forward: bool = False,
) -> Table:
    """`table` with the dependent's wishes (and those of its own dependents) in it."""
    if dependent.kind == "group" and dependent.children:
        member = dependent.children[-1] if forward else dependent.children[0]
        return merge(placement, member, asker, table, colocation, factor, active, positive, forward)
    if dependent.id in placement.merging:
        return table
    placement.merging.add(dependent.id)
    try:
        work = _weighted(placement, dependent, table, colocation, factor, positive)
        if active and not _anywhere(placement, work):
            return table
        others = this_with(placement, dependent) if forward else with_this(placement, dependent)
        for other in others:
            further = other.primary if forward else other.dependent
            if colocation is not None and other is colocation:
                continue
            if not forward and not has_influence(placement, other, dependent):
                continue
            if not forward and placement.is_decided(further):
                continue
            if (
                other.primary_role == Role.PROMOTED or other.role == Role.PROMOTED
            ) and dependent.clone() is not None:
                continue
            scaled = _single(_single(factor * other.score) / INFINITY)
            work = merge(placement, further, asker, work, other, scaled, active, positive, forward)
        return work
    finally:
        placement.merging.discard(dependent.id)


def _weighted(
    placement: Placement,
    dependent: Resource,
    table: Table,
    colocation: Colocate | None,
    factor: float,
    positive: bool,
) -> Table:
    wishes = placement.tables.of(dependent)
    attribute = colocation.attribute if colocation is not None else "#uname"
    nodes = placement.cluster.nodes
    work = dict(table)
    parent = dependent.parent
    inner = parent is not None and parent.kind == "group" and parent.children[0] is not dependent
    group = parent if inner else None
    lonely = sum(1 for score in wishes.values() if score >= 0) == 1 if factor < 0 else False
    for name, score in table.items():
        wish = _wish(placement, wishes, nodes[name], attribute)
        if wish is None:
            continue
        if (
            group is not None
            and attribute == "#uname"
            and placement.tables.of(group).get(name, 0) <= -INFINITY
        ):
            wish = -INFINITY
        if factor < 0 and wish < 0 and not lonely:
            continue  # not wanting to be there, and not with us: that says nothing for it
        delta = _rounded(factor * wish)
        changed = add(score, delta)
        if positive and changed < 0 < score:
            changed = 1
        work[name] = changed
    return work


def _wish(placement: Placement, wishes: Table, node: Node, attribute: str) -> int | None:
    if attribute == "#uname":
        return wishes.get(node.name, -INFINITY)
    value = value_of(node, attribute)
    best = -INFINITY
    nodes = placement.cluster.nodes
    for name, score in wishes.items():
        if (
            score > best
            and placement.usable(nodes[name])
            and value_of(nodes[name], attribute) == value
        ):
            best = score
    return best


def _rounded(value: float) -> int:
    """Half away from zero; a wish is never rounded to nothing."""
    whole = int(value + 0.5) if value >= 0 else -int(-value + 0.5)
    if whole == 0 and value > 0:
        return 1
    if whole == 0 and value < 0:
        return -1
    return max(-INFINITY, min(INFINITY, whole))

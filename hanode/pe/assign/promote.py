"""Which of a clone's instances are to be promoted.

An agent says by an attribute (`master-NAME`) how well its instance suits; location
constraints and colocations for the promoted role add to that. Up to `promoted-max` of
the best are promoted, unless their sum is negative: nobody asked for them.
"""

from __future__ import annotations

from hanode.cib.score import INFINITY, add, read
from hanode.pe.assign.colocations import has_influence, this_with, with_this
from hanode.pe.assign.matching import role_matches, value_of
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.tables import Table
from hanode.pe.assign.wishes import with_wishes
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def promotion_score(placement: Placement, instance: Resource, node: Node) -> int | None:
    """What the agent said for this node; None if it said nothing, or nothing that counts."""
    if instance.kind == "group":
        found = [promotion_score(placement, member, node) for member in instance.children]
        said = [score for score in found if score is not None]
        total = 0
        for score in said:
            total = add(total, score)
        return total if said else None
    if not _applies(instance, node):
        return None
    if node.name not in placement.tables.of(instance) and node not in instance.active:
        return None
    source = node
    if (
        instance.host is node
        and node.connection is not None
        and instance.meta.get("container-attribute-target") == "host"
    ):
        container = node.connection.container
        host = placement.node_of.get(container.id) if container is not None else None
        source = host or node
    names = [instance.known_as.get(node.name, instance.name), instance.name]
    if instance.unique:
        names = [instance.id]
    for name in names:
        for prefix in ("master-", "promotion-"):
            text = source.attributes.get(prefix + name)
            if text is not None:
                return read(text)
    return None


def _applies(instance: Resource, node: Node) -> bool:
    """What is said on a node is said of the instance that runs there; if none does, of any
    that could, as soon as the node was asked."""
    if node in instance.active:
        return True
    clone = instance.clone()
    if clone is None or clone.unique:
        return True
    twins = [leaf for leaf in clone.primitives() if leaf.base == instance.base]
    if not instance.active and not instance.known:
        return True
    if any(node in twin.active for twin in twins):
        return False
    return any(node.name in twin.known for twin in twins)


def add_promotion_scores(placement: Placement, clone: Resource) -> None:
    """A promotion score speaks for the place too, so that the best one keeps its node."""
    for instance in clone.children:
        best = instance.priority
        first = instance.children[0] if instance.kind == "group" else instance
        for name, node in placement.cluster.nodes.items():
            if name not in placement.tables.of(instance) or not placement.usable(node):
                continue
            score = promotion_score(placement, instance, node)
            if score is None:
                continue
            here = placement.tables.of(first).get(name, -INFINITY)
            if here < 0 or score < 0:
                continue  # too weak to be promoted is not too weak to run
            why = f"the agent gives a promotion score of {score} there"
            placement.tables.add(first, name, score, f"master-{instance.name}", why)
            if first is not instance:
                placement.tables.add(instance, name, score, f"master-{instance.name}", why)
            best = max(best, score)
        instance.priority = best


def promote_instances(placement: Placement, clone: Resource, served: list[Resource]) -> None:
    """Give each instance its next role; among equals the one that was served first is first."""
    priorities = {i.id: _priority(placement, clone, i) for i in clone.children}
    table: Table = {}
    parent = placement.tables.of(clone)
    for instance in clone.children:
        node = where(placement, instance)
        if node is not None:
            table[node.name] = add(table.get(node.name, 0), priorities[instance.id])
            if 0 <= priorities[instance.id] < INFINITY:
                table[node.name] = add(table[node.name], parent.get(node.name, 0))
    table = _colocated(placement, clone, table)
    order = []
    for instance in served:
        node = where(placement, instance)
        priority = priorities[instance.id]
        if node is not None and priority >= 0:
            priority = table[node.name] if clone.promoted_node_max == 1 else priority
            if clone.clone_node_max > 1:
                priority = priorities[instance.id]
        placement.promotion[instance.id] = priority
        order.append((-priority, -int(instance.current_role()), instance))
    order.sort(key=lambda entry: entry[:2])
    _give_roles(placement, clone, [entry[2] for entry in order])


def where(placement: Placement, instance: Resource) -> Node | None:
    """The node that constraints mean: for what is inside a bundle, its container's."""
    node = placement.node(instance)
    if node is None or instance.host is None or node.connection is None:
        return node
    container = node.connection.container
    return placement.node_of.get(container.id) if container is not None else None


def _priority(placement: Placement, clone: Resource, instance: Resource) -> int:
    """Promotion score and location constraints for the promoted role."""
    if _must_stay_promoted(instance):
        return INFINITY
    node = placement.node(instance)
    if node is None:
        return -INFINITY
    outer = where(placement, instance)
    if outer is None:
        return -INFINITY
    leaf = instance.children[0] if instance.kind == "group" else instance
    limit = clone.next_target if clone.next_target != Role.UNKNOWN else leaf.next_target
    if limit in (Role.STOPPED, Role.STARTED, Role.UNPROMOTED):
        return -INFINITY
    note = placement.tables.note
    if why := placement.cluster.not_promoted.get((clone.id, node.name)):
        note(leaf, node.name, 0, "", f"not to be promoted: {why}")
        return -INFINITY
    said = promotion_score(placement, instance, node)
    total = -1 if said is None else said
    for place in placement.constraints.promoted:
        if place.role != Role.PROMOTED or not _concerns(place.resource, instance):
            continue
        score = place.scores.get(node.name)
        if score is not None:
            total = add(total, score)
            note(leaf, node.name, 0, place.id, f"for promotion: {place.sentence}")
    bundle = clone.parent
    mine = list(this_with(placement, instance))
    if bundle is not None:
        mine += this_with(placement, bundle)
    for colocation in mine:
        if colocation.role not in (Role.PROMOTED, Role.UNPROMOTED):
            continue
        total = _obeyed(placement, colocation, outer, total)
    return total


def _concerns(resource: Resource, instance: Resource) -> bool:
    parent = instance.parent
    if parent is not None and parent.parent is resource:
        return True
    return resource is instance or parent is resource or resource in instance.children


def _obeyed(placement: Placement, colocation: Colocate, node: Node, total: int) -> int:
    """The promoted instance is a dependent of something."""
    from hanode.pe.assign import assign

    primary = colocation.primary
    if not placement.is_decided(primary):
        assign(placement, primary)
    places = []
    for leaf in _candidates(primary):
        if not role_matches(placement, leaf, colocation.primary_role):
            continue
        place = where(placement, leaf)
        if place is not None:
            places.append(place)
    mine = value_of(node, colocation.attribute)
    together = any(value_of(place, colocation.attribute) == mine for place in places)
    if colocation.role == Role.UNPROMOTED:
        return add(total, -colocation.score) if together else total
    if together:
        return add(total, colocation.score)
    return -INFINITY if colocation.score >= INFINITY else total


def _candidates(primary: Resource) -> list[Resource]:
    if primary.kind == "clone":
        return list(primary.children)
    if primary.kind == "bundle":
        return [leaf for leaf in primary.primitives() if leaf.instance_of is not None]
    return [primary]


def _colocated(placement: Placement, clone: Resource, table: Table) -> Table:
    """Those that depend on the promoted role say where they'd like it."""
    theirs = list(with_this(placement, clone))
    if clone.parent is not None:
        theirs += with_this(placement, clone.parent)
    for colocation in theirs:
        if colocation.primary_role != Role.PROMOTED:
            continue
        if placement.is_decided(colocation.dependent):
            continue
        if has_influence(colocation, clone):
            table = with_wishes(placement, table, colocation, sparing=True)
    return table


def _give_roles(placement: Placement, clone: Resource, order: list[Resource]) -> None:
    promoted = 0
    per_node: dict[str, int] = {}
    for instance in order:
        node = placement.node(instance)
        priority = placement.promotion[instance.id]
        may = (
            node is not None
            and promoted < clone.promoted_max
            and per_node.get(node.name, 0) < clone.promoted_node_max
            and _can_promote(placement, instance, priority)
        )
        if may and node is not None:
            promoted += 1
            per_node[node.name] = per_node.get(node.name, 0) + 1
        for leaf in instance.primitives():
            _set_role(placement, leaf, may)


def _must_stay_promoted(instance: Resource) -> bool:
    """What is promoted and not ours to demote comes before all others."""
    leaves = list(instance.primitives())
    unmanaged = any(not leaf.managed for leaf in leaves)
    return unmanaged and instance.current_role() == Role.PROMOTED


def _can_promote(placement: Placement, instance: Resource, priority: int) -> bool:
    leaves = list(instance.primitives())
    if any(not leaf.managed for leaf in leaves):
        return all(leaf.role == Role.PROMOTED for leaf in leaves)
    if priority < 0:
        return False
    if any(placement.next_role.get(leaf.id) == Role.STOPPED for leaf in leaves):
        return False
    options = placement.cluster.options
    if options.no_quorum_policy == "demote" and not options.have_quorum:
        return False
    if options.no_quorum_policy == "freeze" and not options.have_quorum:
        return instance.current_role() == Role.PROMOTED
    return True


def _set_role(placement: Placement, leaf: Resource, promoted: bool) -> None:
    if placement.node_of.get(leaf.id) is None:
        return
    if not leaf.managed:
        return
    placement.next_role[leaf.id] = Role.PROMOTED if promoted else Role.UNPROMOTED

"""Where a clone's instances go.

First every active instance tries to stay where it is, then the others look for a place.
An instance that would rather be elsewhere must not chase another away for nothing: the
place that it wants is kept aside for a moment, and it tries again without.
"""

from __future__ import annotations

from functools import cmp_to_key

from hanode.cib.score import INFINITY
from hanode.pe.assign.colocations import this_with, with_this
from hanode.pe.assign.group import assign_group
from hanode.pe.assign.obey import obey
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.primitive import assign_primitive, finish
from hanode.pe.assign.promote import add_promotion_scores, promote_instances
from hanode.pe.assign.wishes import merge_dependents
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource


def assign_clone(placement: Placement, clone: Resource, prefer: Node | None = None) -> Node | None:
    """Decide all instances and, if it is promotable, their roles."""
    if clone.id in placement.decided or clone.id in placement.assigning:
        return None
    placement.assigning.add(clone.id)
    try:
        if clone.promotable:
            add_promotion_scores(placement, clone)
        ask_others(placement, clone)
        served = Distribution(placement, clone).run()
        placement.decided.add(clone.id)
        if clone.promotable:
            promote_instances(placement, clone, served)
    finally:
        placement.assigning.discard(clone.id)
    return None


def ask_others(placement: Placement, clone: Resource) -> None:
    from hanode.pe.assign import assign

    for colocation in this_with(placement, clone):
        assign(placement, colocation.primary)
    for colocation in with_this(placement, clone):
        merge_dependents(placement, clone, colocation)


class Distribution:
    """One clone's instances being given to nodes."""

    def __init__(
        self, placement: Placement, clone: Resource, instances: list[Resource] | None = None
    ) -> None:
        self.placement = placement
        self.clone = clone
        self.instances = clone.children if instances is None else instances
        self.count: dict[str, int] = dict.fromkeys(placement.cluster.nodes, 0)
        self.assigned = 0
        self._ranks: dict[str, tuple[float, ...]] = {}
        self._wishes: dict[str, int] = {}

    def run(self) -> list[Resource]:
        """Returns the instances in the order in which they were served."""
        clone, placement = self.clone, self.placement
        table = placement.tables.of(clone)
        nodes = placement.cluster.nodes
        available = [n for n, score in table.items() if score >= 0 and placement.usable(nodes[n])]
        per_node = clone.clone_node_max
        total = min(clone.clone_max, per_node * len(available))
        optimal = min(per_node, max(1, clone.clone_max // max(1, len(available))))
        instances = sorted(self.instances, key=cmp_to_key(self._compare))
        for instance in instances:
            if self.assigned >= total:
                break
            current = self._may_stay(instance, optimal)
            if current is not None:
                self._stay(instance, current, total)
        for instance in instances:
            if placement.is_decided(instance):
                continue
            self._place_or_stop(instance, total)
        return instances

    def _place_or_stop(self, instance: Resource, total: int) -> None:
        if instance.orphan or self.assigned >= total:
            why = f"{self.clone.label} has enough instances"
            for leaf in instance.primitives():
                self.placement.tables.ban_everywhere(leaf, "clone-max", why)
                self._stop(leaf, why)
            self.placement.decided.add(instance.id)
            return
        self._put(instance, None)

    def _stop(self, leaf: Resource, why: str) -> None:
        if leaf.managed or leaf.orphan:
            finish(self.placement, leaf, None, why)
        else:
            assign_primitive(self.placement, leaf)

    def _may_stay(self, instance: Resource, optimal: int) -> Node | None:
        """Its node, if it may go on there."""
        placement = self.placement
        ours = all(leaf.managed for leaf in instance.primitives())
        if (instance.orphan and ours) or (instance.primitive and instance.failed):
            return None  # what failed there may as well go where it is better
        node = _current(instance)
        if node is None or not placement.usable(node):
            return None
        allowed = not ours or placement.tables.of(self.clone).get(node.name, -INFINITY) >= 0
        if not allowed or self.count[node.name] >= optimal:
            return None
        return node

    def _stay(self, instance: Resource, current: Node, total: int) -> None:
        reserved: list[str] = []
        while self.assigned + len(reserved) < total:
            undo = self.placement.tables.snapshot(instance)
            chosen = self._put(instance, current)
            if chosen is current:
                break
            self._take(instance, chosen)
            self.placement.tables.restore(undo)
            if chosen is None:
                break
            reserved.append(chosen.name)
            self.count[chosen.name] += 1
        for name in reserved:
            self.count[name] -= 1

    def _put(self, instance: Resource, prefer: Node | None) -> Node | None:
        """Give it to the best node that has room for one more."""
        placement = self.placement
        self._ban_full(instance)
        if instance.kind == "group":
            chosen = assign_group(placement, instance, prefer)
        else:
            chosen = assign_primitive(placement, instance, prefer)
        if chosen is not None and self._counts(instance, chosen):
            self.count[chosen.name] += 1
            self.assigned += 1
        return chosen

    def _counts(self, instance: Resource, node: Node) -> bool:
        """What stays where none may be, since it isn't ours to stop, takes no other's place."""
        first = instance.children[0] if instance.kind == "group" else instance
        if instance.orphan:
            return self.placement.usable(node)
        allowed = self.placement.tables.of(first).get(node.name, -INFINITY) >= 0
        return allowed and self.placement.usable(node)

    def _take(self, instance: Resource, chosen: Node | None) -> None:
        self.placement.forget(instance)
        if chosen is not None and self._counts(instance, chosen):
            self.count[chosen.name] -= 1
            self.assigned -= 1

    def _ban_full(self, instance: Resource) -> None:
        placement = self.placement
        parent = placement.tables.of(self.clone)
        first = instance.children[0] if instance.kind == "group" else instance
        stuck = _stuck(instance)
        for part in (instance, first) if first is not instance else (instance,):
            table = placement.tables.of(part)
            for name in table:
                if stuck is not None and name != stuck.name:
                    why = f"another member is active on {stuck.name}, and not ours to stop"
                    placement.tables.add(part, name, -INFINITY, "group", why)
                elif parent.get(name, -INFINITY) < 0:
                    why = f"{self.clone.label} is not allowed there"
                    placement.tables.add(part, name, -INFINITY, "clone", why)
                elif self.count[name] >= self.clone.clone_node_max:
                    why = f"enough instances of {self.clone.label} are there"
                    placement.tables.add(part, name, -INFINITY, "clone-node-max", why)

    # -- which instance is served first

    def _compare(self, first: Resource, second: Resource) -> int:
        one, two = self._rank_of(first), self._rank_of(second)
        if one != two:
            return -1 if one < two else 1
        by_wish = self._compare_wishes(first, second)
        if by_wish:
            return by_wish
        return _number(first) - _number(second)

    def _rank_of(self, instance: Resource) -> tuple[float, ...]:
        """Asked for once: sorting changes nothing that it depends on."""
        found = self._ranks.get(instance.id)
        if found is None:
            found = self._ranks[instance.id] = self._rank(instance)
        return found

    def _rank(self, instance: Resource) -> tuple[float, ...]:
        """The smaller, the sooner."""
        placement = self.placement
        nodes = instance.active_nodes()
        node = _current(instance)
        table = placement.tables.of(instance)
        parent = placement.tables.of(self.clone)
        usable = node is not None and placement.usable(node)
        disallowed = node is not None and table.get(node.name, -INFINITY) < 0
        return (
            len(nodes) if len(nodes) > 1 else 1,
            disallowed,
            -instance.priority,
            node is None,
            not usable,
            self.count.get(node.name, 0) if node is not None else 0,
            _failed(instance),
            node is not None and parent.get(node.name, -INFINITY) < 0,
            node is not None and not node.online,
        )

    def _compare_wishes(self, first: Resource, second: Resource) -> int:
        """Where the colocated want an instance, there it should stay; groups aren't asked."""
        one, two = _current(first), _current(second)
        if one is None or two is None or one is two or first.kind == "group":
            return 0
        if not (this_with(self.placement, self.clone) or with_this(self.placement, self.clone)):
            return 0
        return self._wish_of(second, two) - self._wish_of(first, one)

    def _wish_of(self, instance: Resource, node: Node) -> int:
        found = self._wishes.get(instance.id)
        if found is None:
            found = self._wishes[instance.id] = self._wish(instance, node)
        return found

    def _wish(self, instance: Resource, node: Node) -> int:
        """A trial, which leaves neither scores nor reasons behind."""
        placement = self.placement
        undo = placement.tables.snapshot(instance)
        placement.tables.trial = True
        placement.tables.by_id[instance.id] = dict.fromkeys(placement.tables.of(instance), 0)
        for colocation in this_with(placement, self.clone):
            obey(placement, instance, colocation)
        for colocation in with_this(placement, self.clone):
            merge_dependents(placement, instance, colocation)
        score = placement.tables.of(instance).get(node.name, -INFINITY)
        placement.tables.restore(undo)
        placement.tables.trial = False
        return score


def _number(instance: Resource) -> int:
    return instance.replica[1] if instance.replica is not None else instance.number


def _current(instance: Resource) -> Node | None:
    for leaf in instance.primitives():
        nodes = leaf.here()
        if nodes:
            return nodes[0]
    return None


def _stuck(instance: Resource) -> Node | None:
    """Where an anonymous instance is for good: a member that is active there isn't ours to stop.

    Members that went elsewhere would be another instance's at the next look, one too many.
    """
    if instance.kind != "group" or instance.unique:
        return None
    for member in instance.children:
        if member.active and not member.managed:
            return member.active[0]
    return None


def _failed(instance: Resource) -> bool:
    return any(leaf.failed for leaf in instance.primitives())

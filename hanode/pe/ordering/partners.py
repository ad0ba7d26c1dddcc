"""Clones that pair their instances: which goes with which, and which one has no partner."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.constraint import Before
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource


def by_instance(pair: Before, first: Resource, then: Resource) -> bool:
    """The one that depends on the other says so: up it comes second, down it goes first."""
    if first.kind != "clone" or then.kind != "clone" or first is then:
        return False
    dependent, other = (first, then) if pair.then_task in ("stop", "demote") else (then, first)
    return dependent.interleave and not other.clone_min


def places(plan: Plan, instance: Resource, going: bool) -> list[Node]:
    """Where it goes, or where it is."""
    return plan.placement.nodes(instance) if going else instance.active_nodes()


def partner(plan: Plan, clone: Resource, node: Node, going: bool) -> Resource | None:
    """The clone's instance on that node."""
    for instance in clone.children:
        if node in places(plan, instance, going):
            return instance
    return None


def withdraw_lonely(plan: Plan) -> None:
    """An instance without its partner has no place; who is withdrawn may be another's partner."""
    pairs = [pair for pair in plan.placement.constraints.orders if _needs_partners(pair)]
    while found := [entry for pair in pairs for entry in _lonely(plan, pair)]:
        for instance, why in found:
            _withdraw(plan, instance, why)


def _needs_partners(pair: Before) -> bool:
    binding = bool(pair.flags & o.UNRUNNABLE_BLOCKS)
    return binding and not pair.set_key and by_instance(pair, pair.first, pair.then)


def _lonely(plan: Plan, pair: Before) -> Iterator[tuple[Resource, str]]:
    """Instances that go where the first clone has none, as far as they are ours to withdraw."""
    node_of = plan.placement.node_of
    for instance in pair.then.children:
        if not any(leaf.managed and node_of.get(leaf.id) for leaf in instance.primitives()):
            continue
        for node in places(plan, instance, going=True):
            if partner(plan, pair.first, node, going=True) is None:
                yield instance, f"{pair.first.label} has no instance on {node.name}"
                break


def _withdraw(plan: Plan, instance: Resource, why: str) -> None:
    for leaf in instance.primitives():
        for step in (*plan.all_of(leaf, "start"), *plan.all_of(leaf, "promote")):
            step.forbid(why)
        if leaf.managed:
            plan.placement.node_of[leaf.id] = None
            plan.placement.why_nowhere[leaf.id] = why
            for stop in plan.all_of(leaf, "stop"):
                stop.require(why)

"""Which of the nodes that a resource may be on is the best one."""

from __future__ import annotations

from functools import cmp_to_key

from hanode.cib.score import INFINITY
from hanode.pe.assign.placement import Placement
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource


def ranked(placement: Placement, resource: Resource, active: Node | None) -> list[Node]:
    """All nodes in its table, best first."""
    table = placement.tables.of(resource)
    nodes = placement.cluster.nodes
    strategy = placement.cluster.options.placement
    if strategy in ("balanced", "utilization"):
        return _by_capacity(placement, resource, active)

    minimal = strategy == "minimal"  # as few nodes as will do: neither load nor habit counts
    load = {} if minimal else placement.load
    here = active.name if active is not None and not minimal else ""
    usable = placement.usable
    order = [
        (-score if usable(nodes[name]) else INFINITY, load.get(name, 0), name != here, name)
        for name, score in table.items()
    ]
    order.sort()
    return [nodes[entry[3]] for entry in order]


def _by_capacity(placement: Placement, resource: Resource, active: Node | None) -> list[Node]:
    """With utilization, more free capacity comes before fewer resources."""
    table = placement.tables.of(resource)
    nodes = placement.cluster.nodes
    balanced = placement.cluster.options.placement == "balanced"

    def compare(first: str, second: str) -> int:
        one, two = nodes[first], nodes[second]
        score_one = table[first] if placement.usable(one) else -INFINITY
        score_two = table[second] if placement.usable(two) else -INFINITY
        if score_one != score_two:
            return score_two - score_one
        if balanced:
            better = compare_capacity(placement.free[first], placement.free[second])
            if better:
                return better
        if placement.load[first] != placement.load[second]:
            return placement.load[first] - placement.load[second]
        if active is not None and one is not two:
            if one is active:
                return -1
            if two is active:
                return 1
        return -1 if first < second else 1

    return [nodes[name] for name in sorted(table, key=cmp_to_key(compare))]


def compare_capacity(first: dict[str, int], second: dict[str, int]) -> int:
    """Negative when the first has more of more capacities."""
    result = 0
    for name in first.keys() | second.keys():
        one, two = first.get(name, 0), second.get(name, 0)
        if one > two:
            result -= 1
        elif one < two:
            result += 1
    return result


def choose(placement: Placement, resource: Resource, prefer: Node | None = None) -> Node | None:
    """The best node, or None when none will do."""
    table = placement.tables.of(resource)
    active = resource.home
    order = ranked(placement, resource, active)
    best = order[0] if order else None
    if best is None:
        return None
    top = table[best.name] if placement.usable(best) else -INFINITY
    if prefer is not None:
        chosen = _preferred(placement, resource, prefer, top)
        if chosen is not None:
            return chosen
    if top < 0 or not placement.usable(best):
        return None
    unique_instance = resource.instance_of is not None and resource.unique
    if (
        top > 0
        and not unique_instance
        and active is not None
        and best is not active
        and placement.usable(active)
        and table.get(active.name, -INFINITY) == top
    ):
        return active
    return best


def _preferred(placement: Placement, resource: Resource, prefer: Node, top: int) -> Node | None:
    """The node that was asked for, unless another is better."""
    score = placement.tables.of(resource).get(prefer.name)
    if score is None or score < 0 or not placement.usable(prefer) or score < top:
        return None
    return prefer


def why_nowhere(placement: Placement, resource: Resource) -> str:
    """In one sentence, why no node will do."""
    table = placement.tables.of(resource)
    usable = [n for n in placement.cluster.nodes.values() if placement.usable(n)]
    if not usable:
        return "no node is able to run anything"
    if not table:
        return "no node is allowed to run it"
    reasons = placement.tables.reasons.get(resource.id, {})
    for node in usable:
        if table.get(node.name, -INFINITY) < 0:
            for part in reasons.get(node.name, []):
                if part.amount < 0:
                    return f"{part.sentence} ({node.name})"
    return "no available node may run it"

"""Changes and scores as lines that an operator reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hanode.cib.score import show
from hanode.transition import Change, Contribution, Transition


def change_line(change: Change) -> str:
    """One change by itself."""
    what, place = _what(change), _place(change)
    where = f" ( {place} )" if change.resource else ""
    return f"{change.action:<12} {what}{where}{_why(change)}"


def change_lines(changes: Sequence[Change]) -> list[str]:
    """All changes, in columns: what, of which resource, where, why."""
    moves = [change for change in changes if change.resource]
    action = max((len(change.action) for change in moves), default=0)
    name = max((len(_what(change)) for change in moves), default=0)
    place = max((len(_place(change)) for change in moves), default=0)
    lines = []
    for change in changes:
        head = f"{change.action} {_what(change)}"
        if change.resource:
            head = (
                f"{change.action:<{action}} {_what(change):<{name}} ( {_place(change):>{place}} )"
            )
        lines.append(head + _why(change))
    return lines


def score_lines(transition: Transition) -> Iterator[str]:
    """Every node's score for every resource, the best first, with what it is made of."""
    for resource, nodes in transition.totals.items():
        yield f"  {resource}"
        width = max(map(len, nodes), default=0)
        for node in sorted(nodes, key=lambda name: (-nodes[name], name)):
            yield f"    {node:<{width}}  {show(nodes[node]):>9}"
            parts = transition.scores.get(resource, {}).get(node, [])
            yield from part_lines(parts, 8)


def part_lines(parts: Sequence[Contribution], indent: int) -> Iterator[str]:
    """What a score is made of."""
    pad = " " * indent
    for part in parts:
        yield f"{pad}{show(part.amount):>9}  {part.source_id}: {part.sentence}"


def _what(change: Change) -> str:
    return change.resource or (change.nodes[0] if change.nodes else "")


def _place(change: Change) -> str:
    roles, nodes = " -> ".join(change.roles), " -> ".join(change.nodes)
    return f"{roles} {nodes}" if roles else nodes


def _why(change: Change) -> str:
    blocked = " (blocked)" if change.blocked else ""
    return blocked + (f"  because {change.reason}" if change.reason else "")

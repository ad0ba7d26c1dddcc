"""Two moments of one cluster side by side: what is different, and nothing else."""

from __future__ import annotations

from hatui.cluster.clock import clock, when
from hatui.cluster.items import Item
from hatui.cluster.moment import Moment
from hatui.cluster.node_tree import node_tree
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.safe import clean, fit
from hatui.cluster.spans import BLANK, Line, Span, text_of


def compared(then: Moment, now: Moment, cells: int) -> list[Line]:
    """Lines: each thing with how it was and how it is."""
    width = max((cells - 20) // 2, 12)
    was = fit(f"then {when(then.state.at, now.state.at)}", width)
    head: Line = (Span(fit("", 18)), Span(was, "stale"),
                  Span(f"now {clock(now.state.at)}", "tab"))  # fmt: skip
    lines: list[Line] = [head]
    for title, old, new in (
        ("nodes", node_tree(then), node_tree(now)),
        ("resources", resource_tree(then), resource_tree(now)),
    ):
        rows = _rows(_flat(old), _flat(new), width)
        if rows:
            lines += [BLANK, (Span(title, "accent"),), *rows]
    rows = _row("configuration", then.state.version, now.state.version, width)
    rows += _row("DC", then.state.dc or "none", now.state.dc or "none", width)
    if rows:
        lines += [BLANK, (Span("cluster", "accent"),), *rows]
    if len(lines) == 1:
        lines += [BLANK, (Span("nothing is different", "good"),)]
    return lines


def _rows(old: dict[str, Item], new: dict[str, Item], width: int) -> list[Line]:
    lines: list[Line] = []
    for key in dict.fromkeys((*old, *new)):
        item = new.get(key) or old[key]
        lines += _row(item.name, _said(old.get(key)), _said(new.get(key)), width)
    return lines


def _row(name: str, then: str, now: str, width: int) -> list[Line]:
    if then == now:
        return []
    return [(Span(fit(clean(name), 18)), Span(fit(then, width), "removed"), Span(now, "added"))]


def _said(item: Item | None) -> str:
    if item is None:
        return "not there"
    return clean(f"{item.look.word} {text_of(item.where)}".strip())


def _flat(items: tuple[Item, ...]) -> dict[str, Item]:
    """Leaves, by their keys; a node's children are told among the resources."""
    found: dict[str, Item] = {}
    for item in items:
        if item.kind in ("node", "remote", "guest") or not item.children:
            found[item.key] = item
        else:
            found.update(_flat(item.children))
    return found

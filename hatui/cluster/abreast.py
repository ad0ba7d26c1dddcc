"""The sides of a split as columns: what each holds to be true of each node, never blended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from hatui.cluster.beliefs import Belief, Side
from hatui.cluster.items import Item
from hatui.cluster.looks import Look, shape
from hatui.cluster.safe import clean, width
from hatui.cluster.scene import Scene
from hatui.cluster.side_rows import (
    doubts,
    hearing,
    leaders,
    look_of,
    names,
    node_item,
    position,
    runs,
)
from hatui.cluster.spans import Line, Span, fit_line

SPLIT = Look("split", "▲", "!", "bad", 3)
FACT = Look("", " ", " ", "dim", 3)
"""Nothing of a split is folded away: each row is as bad as the split itself."""
WIDE = 120
NARROWEST = 30
"""Cells of a column that can still be read."""
TITLE = "who believes what"
_BESIDE = 22
"""Cells before the columns, besides the longest name: guides, state, gaps."""


def column(scene: Scene, found: Mapping[str, Belief], sides: Sequence[Side]) -> int:
    """Cells for each side; 0 where they do not fit beside each other."""
    longest = max(width(clean(name, 24)) for name in found) + len(" hears")
    each = (scene.cells - 1 - _BESIDE - max(longest, len(TITLE))) // max(len(sides), 1)
    return each if scene.cells >= WIDE and each >= NARROWEST else 0


def abreast(scene: Scene, found: Mapping[str, Belief], sides: Sequence[Side], cells: int) -> Item:
    """The sides that speak; a row for each fact and each node."""

    def across(told: Callable[[Side], Line]) -> Line:
        bar = Span("| " if scene.signs.ascii_only else "│ ", "faint")
        drawn = [fit_line(told(side), cells - 3, scene.signs.ellipsis) for side in sides]
        return tuple(span for one in drawn for span in (bar, *one, Span(" ")))

    def head(side: Side) -> Line:
        look, voters = look_of(side), len(scene.moment.state.voters)
        sign = Span(f"{shape(look, scene.signs.ascii_only)} {look.word} ", look.ink)
        return (sign, Span(f"{len(side.view)} of {voters}: ", "dim"), Span(names(side), "title"))

    facts = (_fact("follows", across(_follows)), _fact("its log", across(_log)))
    nodes = tuple(
        node_item(belief, (), across(partial(_of_node, belief)),
                  (_fact("runs", across(partial(_runs, belief)), belief.node),))
        for belief in found.values()
    )  # fmt: skip
    return Item("@split", TITLE, "section", SPLIT, (), across(head), (*facts, *nodes), rank=3)


def _fact(name: str, note: Line, node: str = "") -> Item:
    return Item(f"@{name}:{node}", name, "section", FACT, (), note, rank=FACT.rank)


def _follows(side: Side) -> Line:
    followed = leaders(side)
    if not followed:
        return (Span("no DC", "bad"),)
    ink = "text" if len(followed) == 1 else "bad"
    return (Span("DC ", "dim"), Span(clean(" and ".join(followed)), ink))


def _log(side: Side) -> Line:
    """Of its furthest node."""
    best = max(side.nodes, key=lambda belief: (belief.term, belief.entry))
    return (Span(f"entry {best.entry}"), Span(f"  term {best.term}", "dim"))


def _of_node(belief: Belief, side: Side) -> Line:
    """What a node of this side says itself; of any other, what becomes of it here."""
    if belief in side.nodes:
        return (*position(belief, side), *doubts(belief), *hearing(belief))
    intents = side.state.intents.values() if side.state is not None else ()
    if any(intent.target == belief.node for intent in intents):
        return (Span("not in the view: being fenced", "bad"),)
    return (Span("not in the view", "warn"),)


def _runs(belief: Belief, side: Side) -> Line:
    if side.state is None:
        return (Span("not known: nobody here was asked", "faint"),)
    return runs(side.state, belief.node)

"""The things that a tree shows, and the flat rows that come of them for one folding and filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from hatui.cluster.looks import GROUPED, Look
from hatui.cluster.spans import Line


@dataclass(frozen=True)
class Item:
    """One thing of a tree: what it is called, how it is, where, and what is to be said of it."""

    key: str
    """Unique in its tree, and lasting as the thing itself: the cursor holds on to it."""
    name: str
    kind: str
    """resource, instance, node or section: what can be done with it."""
    look: Look = GROUPED
    where: Line = ()
    note: Line = ()
    children: tuple[Item, ...] = ()
    resource: str = ""
    """The configured resource that it stands for."""
    view: str = ""
    """The id of the overview's resource or instance."""
    node: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    """What the filter may ask for: node, state, is, agent."""
    rank: int = 0
    """How bad the worst of it and its children is (see looks.Look.rank)."""
    quiet: bool = False
    """Stays folded while it is well, however much room there is."""
    mark: str = ""
    """In a preview: + starts, - stops, > moves, ! needs attention."""

    @property
    def acts_as(self) -> str:
        """What can be done with it goes by this: a resource, whatever tells of it; or its kind."""
        return "resource" if self.resource else self.kind

    @property
    def mark_key(self) -> str:
        """One for all views; a remote node and its connection bear one name, and have two."""
        return f"{self.acts_as} {self.key}"


class Row(NamedTuple):
    """One line of a tree: an item, where it hangs, and whether it is open."""

    item: Item
    guides: tuple[bool, ...] = ()
    """For each level above: whether its branch goes on below this line."""
    last: bool = True
    state: str = ""
    """open, closed, or empty for a leaf."""
    found: bool = False
    """It is what the filter looks for, not just on the way to it."""

    @property
    def depth(self) -> int:
        return len(self.guides)


IsOpen = Callable[[Item], bool]
Matches = Callable[[Item], bool]


def flatten(items: Iterable[Item], is_open: IsOpen, matches: Matches | None = None) -> list[Row]:
    """The rows from top to bottom; with a filter, what it finds and the way there."""
    rows: list[Row] = []
    kept = [item for item in items if matches is None or _reaches(item, matches)]
    for item in kept:
        _flatten(item, (), item is kept[-1], is_open, matches, rows)
    return rows


def find(items: Iterable[Item], key: str) -> Item | None:
    """The item of this key, however deep."""
    for item in items:
        if item.key == key:
            return item
        if (below := find(item.children, key)) is not None:
            return below
    return None


def room_left(items: Iterable[Item], rows: int) -> int:
    """Of so many rows, when all that may open is open; below 0: they do not suffice."""
    for item in items:
        rows -= 1
        if rows >= 0 and not item.quiet:
            rows = room_left(item.children, rows)
        if rows < 0:
            break
    return rows


def _flatten(
    item: Item,
    guides: tuple[bool, ...],
    last: bool,
    is_open: IsOpen,
    matches: Matches | None,
    rows: list[Row],
) -> None:
    hit = matches is not None and matches(item)
    children = item.children
    if matches is not None and not hit:
        children = tuple(child for child in children if _reaches(child, matches))
    opened = bool(children) and ((matches is not None and not hit) or is_open(item))
    state = ("open" if opened else "closed") if item.children else ""
    rows.append(Row(item, guides, last, state, hit))
    if opened:
        below = matches if not hit else None
        for child in children:
            _flatten(child, (*guides, not last), child is children[-1], is_open, below, rows)


def _reaches(item: Item, matches: Matches) -> bool:
    return matches(item) or any(_reaches(child, matches) for child in item.children)

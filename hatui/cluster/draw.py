"""Rows as lines of text: columns that hold still, guides, and an ASCII form of every sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hatui.cluster.items import Row
from hatui.cluster.looks import shape
from hatui.cluster.safe import fit, width
from hatui.cluster.spans import Line, Span, clip_line, fit_line, plainly, width_of, without

GAP = 2


class Signs(NamedTuple):
    """The characters that a tree is drawn with."""

    branch: str = "├ "
    last: str = "└ "
    pipe: str = "│ "
    opened: str = "▾ "
    closed: str = "▸ "
    ellipsis: str = "…"
    dot: str = "·"
    ascii_only: bool = False


UNICODE = Signs()
ASCII = Signs("|-", "`-", "| ", "v ", "> ", "~", "-", True)


class Columns(NamedTuple):
    """Widths, in cells: name, state, where; the note takes the rest."""

    name: int
    state: int
    where: int
    told: bool = False
    """They are sentences with a time, and their columns are narrow."""

    @property
    def before_note(self) -> int:
        gaps = 3 if self.where else 2
        return self.name + self.state + self.where + gaps * GAP + 2


def measure(rows: Sequence[Row], cells: int) -> Columns:
    """Widths that suit these rows in a line of `cells`; the names yield last."""
    return fitted(wanted(rows), cells)


def wanted(rows: Sequence[Row]) -> Columns:
    """Widths that these rows would have if there were room enough."""
    return Columns(
        max((_name_width(row) for row in rows), default=8),
        max((2 + width(row.item.look.word) for row in rows), default=8),
        max((width_of(row.item.where) for row in rows), default=0),
        all(row.item.kind in ("event", "heading") for row in rows),
    )


NO_STATE = 2
"""Cells of a sign and a word where no row has either."""


def fitted(wanted: Columns, cells: int) -> Columns:
    """What of it a line of `cells` has room for."""
    if wanted.told:
        return wanted
    stateless = wanted.state <= NO_STATE
    most_of_it = cells * 3 // 5 if stateless else cells * 2 // 5
    name = min(max(wanted.name, 14), max(14, most_of_it))
    state = NO_STATE if stateless else min(max(wanted.state, 11), 14)
    room = cells - name - state - 3 * GAP - 2
    most = max(room * 3 // 5, 6) if room > 12 else max(room, 0)
    return Columns(name, state, min(wanted.where, most))


def grown(old: Columns, new: Columns) -> Columns:
    """Widths that need not shrink: columns that jump are hard to read."""
    return Columns(
        max(old.name, new.name), max(old.state, new.state), max(old.where, new.where), new.told
    )


def draw(row: Row, columns: Columns, cells: int, signs: Signs = UNICODE, panned: int = 0) -> Line:
    """One row, just `cells` wide; of its note, `panned` cells are left of the screen."""
    item = row.item
    mark = Span(item.mark or " ", _MARKS.get(item.mark, "faint"))
    name = fit_line(_name(row, signs), columns.name, signs.ellipsis)
    sign = shape(item.look, signs.ascii_only)
    state = Span(fit(f"{sign} {item.look.word}", columns.state, signs.ellipsis), item.look.ink)
    where = fit_line(item.where, columns.where, signs.ellipsis)
    gap = Span(" " * GAP)
    told = item.note if not panned else without(item.note, panned)
    room = max(cells - columns.before_note, 0)
    note = clip_line(told, room, signs.ellipsis)
    placed = (*where, gap if room else Span("")) if columns.where else ()
    line = (mark, Span(" "), *name, gap, state, gap, *placed, *note)
    drawn = fit_line(line, cells, signs.ellipsis)
    return plainly(drawn) if signs.ascii_only else drawn


_MARKS = {"+": "added", "-": "removed", ">": "moved", "~": "moved", "!": "bad", "*": "mark"}


def _name_width(row: Row) -> int:
    return 2 * (row.depth + 1) + width(row.item.name)


def _name(row: Row, signs: Signs) -> Line:
    guides = "".join(signs.pipe if more else "  " for more in row.guides[1:])
    if row.depth:
        guides += signs.last if row.last else signs.branch
    twisty = {"open": signs.opened, "closed": signs.closed}.get(row.state, "  ")
    if row.depth and not row.state:
        twisty = ""
    if row.item.kind == "event":
        twisty = ""
    ink = "match" if row.found else _ink(row)
    return (Span("  " + guides if row.depth else "", "faint"), Span(twisty, "dim"),
            Span(row.item.name, ink))  # fmt: skip


def _ink(row: Row) -> str:
    if row.item.kind == "heading":
        return "faint"
    if row.item.kind in ("section", "event"):
        return "dim"
    return "title" if row.depth == 0 else "text"

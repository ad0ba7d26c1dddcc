"""A tree drawn line by line: columns that hold still, and nothing painted without news."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hatui.cluster.draw import UNICODE, Signs, draw
from hatui.cluster.filter import Filter, unmatched
from hatui.cluster.items import Item, Row, find
from hatui.cluster.outline import Outline
from hatui.cluster.spans import Line, Span, wrap
from hatui.widgets.inked import inks_of, strip_of


class Listing(ScrollView, can_focus=True):
    """Items that may change at any time, as rows; `at` is the line of a cursor."""

    DEFAULT_CSS = """
    Listing { width: 1fr; height: 1fr; overflow: hidden hidden; scrollbar-size: 0 0; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = set()

    class Shaped(Message):
        """The columns have other widths now."""

    def __init__(self, signs: Signs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.signs = signs
        self.outline = Outline()
        self.panned = 0
        """Cells of the last column that are left of the screen."""
        self.at = 0
        """The cursor's line; where it stays when its item is gone."""
        self._empty = ""
        """What to say when there is no row."""
        self._marked: frozenset[str] = frozenset()

    @property
    def rows(self) -> list[Row]:
        return self.outline.rows

    def show(self, items: Sequence[Item], empty: str = "", heading: Item | None = None) -> None:
        """Draw these from now on, or why there are none; equal rows are not repainted."""
        outline = self.outline
        if items is outline.given and empty == self._empty and heading == outline.head:
            return
        if empty != self._empty and not items:
            self.refresh()
        self._empty = empty
        outline.give(items, heading)
        self.lay_out()

    @property
    def empty(self) -> str:
        """Why there is nothing to show."""
        if not self.outline.given:
            return self._empty
        if self.outline.filter is not None:
            return unmatched(self.outline.filter)
        return "nothing here is wrong"

    def find(self, key: str) -> Item | None:
        """The item of this key, folded or not."""
        return find(self.outline.given, key)

    def heading(self, cells: int) -> Line:
        """The words above the columns, as wide as these are now."""
        return self.outline.heading(cells, self.signs, self.panned)

    def text(self) -> list[str]:
        """The heading and every row, as they are drawn at this width."""
        return self.outline.text(max(self.size.width - 1, 0), self.signs)

    def sort_by(self, order: str) -> None:
        """`o`: another order of the same."""
        self.outline.sort_by(order)
        self.lay_out()

    def pan(self, by: int) -> None:
        """`<` and `>`: the last column, sideways."""
        self.panned = max(self.panned + by, 0)
        self.refresh()

    def search(self, wanted: Filter | None) -> None:
        """Show what this finds, and the way to it."""
        self.outline.filter = wanted if wanted and wanted.terms else None
        self.lay_out()

    def faults_only(self, only: bool) -> None:
        """`z`: leave out what is well."""
        self.outline.faults_only = only
        self.lay_out()

    def mark(self, keys: frozenset[str]) -> None:
        self._marked = keys
        self.refresh()

    def lay_out(self) -> None:
        outline = self.outline
        before, columns = outline.rows, outline.columns
        outline.lay_out(self.size.width, self.size.height, self.scroll_offset.y)
        self.settle()
        self.virtual_size = Size(self.size.width, len(outline.rows))
        if columns != outline.columns:
            self.refresh()
            self.post_message(self.Shaped())
        else:
            self._repaint(before)

    def _repaint(self, before: list[Row]) -> None:
        """Only lines in sight that differ."""
        top, height = self.scroll_offset.y, self.size.height
        for y in range(top, top + height):
            old = before[y] if y < len(before) else None
            new = self.rows[y] if y < len(self.rows) else None
            if old != new:
                self.refresh_row(y)

    def settle(self) -> None:
        """There are other rows now: find the cursor's place among them."""

    def refresh_row(self, y: int) -> None:
        self.refresh(Region(0, y - self.scroll_offset.y, self.size.width, 1))

    def scroll_into_sight(self) -> None:
        height = max(self.size.height, 1)
        top = self.scroll_offset.y
        if self.at < top:
            self.scroll_to(y=self.at, animate=False, immediate=True, force=True)
        elif self.at >= top + height:
            self.scroll_to(y=self.at - height + 1, animate=False, immediate=True, force=True)

    # --------------------------------------------------------------------------------- drawing

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width, base = self.size.width, self.rich_style
        inks = inks_of(self.app)
        if at >= len(self.rows) or width <= 0:
            return strip_of(self._nothing(at), inks, base).adjust_cell_length(max(width, 0), base)
        row = self.rows[at]
        if row.item.mark_key in self._marked and not row.item.mark:
            row = row._replace(item=_with_mark(row.item))
        over = inks.styles["cursor"] if at == self.at and self.has_focus else None
        line = draw(row, self.outline.columns, width - 1, self.signs, self.panned)
        strip = strip_of(line, inks, base, over)
        thumb = strip_of((self._thumb(y),), inks, base, over)
        return Strip.join([strip, thumb]).adjust_cell_length(width, base)

    def _nothing(self, at: int) -> Line:
        """Why there is no row, below a blank one."""
        told = wrap(self.empty, max(self.size.width - 4, 8), "dim") if not self.rows else []
        return (Span("  "), *told[at - 1]) if 0 < at <= len(told) else ()

    def _thumb(self, y: int) -> Span:
        """Our own scroll bar: nothing while all is in sight."""
        count, height = len(self.rows), self.size.height
        if count <= height:
            return Span(" ")
        size = max(height * height // count, 1)
        top = round(self.scroll_offset.y * (height - size) / max(count - height, 1))
        inside = top <= y < top + size
        sign = ("#" if inside else "|") if self.signs.ascii_only else ("┃" if inside else "│")
        return Span(sign, "dim" if inside else "faint")

    def on_resize(self, event: events.Resize) -> None:
        self.lay_out()
        self.scroll_into_sight()
        self.refresh()


def _with_mark(item: Item) -> Item:
    return dataclasses.replace(item, mark="*")

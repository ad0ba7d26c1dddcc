"""The live tree: drawn line by line, its cursor held by key, nothing repainted without news."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hatui.cluster.draw import UNICODE, Signs, draw
from hatui.cluster.filter import Filter
from hatui.cluster.items import Item, Row
from hatui.cluster.outline import Outline
from hatui.cluster.spans import Line, Span, wrap
from hatui.widgets.inked import inks_of, strip_of


class Rows(ScrollView, can_focus=True):
    """A tree of items that may change at any time under the cursor."""

    DEFAULT_CSS = """
    Rows { width: 1fr; height: 1fr; overflow: hidden hidden; scrollbar-size: 0 0; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = set()

    class Moved(Message):
        """The cursor is on another item now."""

        def __init__(self, item: Item | None) -> None:
            super().__init__()
            self.item = item

    class Opened(Message):
        """The item under the cursor was asked for."""

        def __init__(self, item: Item) -> None:
            super().__init__()
            self.item = item

    class Shaped(Message):
        """The columns have other widths now."""

    def __init__(self, signs: Signs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.signs = signs
        self.outline = Outline()
        self.follows_first = False
        """The cursor on the first line stays there when new lines come above it."""
        self.panned = 0
        """Cells of the last column that are left of the screen."""
        self._empty = ""
        """What to say when there is no row."""
        self._marked: frozenset[str] = frozenset()
        self._cursor: str | None = None
        self._at = 0
        """The cursor's line; where it stays when its item is gone."""

    # ------------------------------------------------------------------------- what is shown

    @property
    def rows(self) -> list[Row]:
        return self.outline.rows

    @property
    def item(self) -> Item | None:
        """Under the cursor."""
        return self.rows[self._at].item if self.rows else None

    @property
    def position(self) -> tuple[int, int]:
        """Line of the cursor, counted from 1, and how many there are."""
        return (self._at + 1 if self.rows else 0), len(self.rows)

    def show(self, items: Sequence[Item], empty: str = "", heading: Item | None = None) -> None:
        """Draw these from now on, or why there are none; equal rows are not repainted."""
        outline = self.outline
        if items is outline.given and empty == self._empty and heading == outline.head:
            return
        if empty != self._empty and not items:
            self.refresh()
        self._empty = empty
        outline.give(items, heading)
        self._lay_out()

    @property
    def empty(self) -> str:
        """Why there is nothing to show."""
        if not self.outline.given:
            return self._empty
        return "nothing here matches the filter" if self.outline.filter else "nothing here is wrong"

    def heading(self, cells: int) -> Line:
        """The words above the columns, as wide as these are now."""
        return self.outline.heading(cells, self.signs, self.panned)

    def text(self) -> list[str]:
        """The heading and every row, as they are drawn at this width."""
        return self.outline.text(max(self.size.width - 1, 0), self.signs)

    def sort_by(self, order: str) -> None:
        """`o`: another order of the same."""
        self.outline.sort_by(order)
        self._lay_out()

    def pan(self, by: int) -> None:
        """`<` and `>`: the last column, sideways."""
        self.panned = max(self.panned + by, 0)
        self.refresh()

    def search(self, wanted: Filter | None) -> None:
        """Show what this finds, and the way to it."""
        self.outline.filter = wanted if wanted and wanted.terms else None
        self._lay_out()

    def faults_only(self, only: bool) -> None:
        """`z`: leave out what is well."""
        self.outline.faults_only = only
        self._lay_out()

    def mark(self, keys: frozenset[str]) -> None:
        self._marked = keys
        self.refresh()

    def _lay_out(self) -> None:
        outline = self.outline
        before, columns = outline.rows, outline.columns
        outline.lay_out(self.size.width, self.size.height, self.scroll_offset.y)
        self._hold_cursor()
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
                self.refresh(Region(0, y - top, self.size.width, 1))

    def _hold_cursor(self) -> None:
        """By key; where its item is gone, the line stays."""
        keys = [row.item.key for row in self.rows]
        if self.follows_first and self._at == 0:
            at = 0
        elif self._cursor in keys:
            at = keys.index(self._cursor)
        else:
            at = max(min(self._at, len(keys) - 1), 0)
        self._place(at, tell=True)

    def _place(self, at: int, tell: bool = True) -> None:
        old_key, old_at = self._cursor, self._at
        self._at = at
        self._cursor = self.rows[at].item.key if self.rows else None
        if old_at != at:
            for y in (old_at, at):
                self._refresh_row(y)
            self._scroll_into_sight()
        if tell and old_key != self._cursor:
            self.post_message(self.Moved(self.item))

    def _refresh_row(self, y: int) -> None:
        self.refresh(Region(0, y - self.scroll_offset.y, self.size.width, 1))

    def _scroll_into_sight(self) -> None:
        height = max(self.size.height, 1)
        top = self.scroll_offset.y
        if self._at < top:
            self.scroll_to(y=self._at, animate=False, immediate=True, force=True)
        elif self._at >= top + height:
            self.scroll_to(y=self._at - height + 1, animate=False, immediate=True, force=True)

    # ----------------------------------------------------------------------------- what keys do

    def move(self, by: int) -> None:
        """The cursor, by so many lines."""
        if self.rows:
            self._place(max(0, min(self._at + by, len(self.rows) - 1)))

    def go(self, key: str) -> bool:
        """To the item of this key, if it is in sight of the folding."""
        for at, row in enumerate(self.rows):
            if row.item.key == key:
                self._place(at)
                return True
        return False

    def page(self, pages: float) -> None:
        self.move(int(pages * max(self.size.height - 1, 1)))

    def first(self) -> None:
        self._place(0)

    def last(self) -> None:
        self._place(max(len(self.rows) - 1, 0))

    def close_or_up(self) -> None:
        """`h`: close this branch, or go to the one that holds it."""
        if not self.rows:
            return
        row = self.rows[self._at]
        if row.state == "open":
            self.fold(row.item.key, False)
        elif row.depth:
            at = self._at
            while at and self.rows[at].depth >= row.depth:
                at -= 1
            self._place(at)

    def open_or_down(self) -> None:
        """`l`: open this branch, or go into it."""
        if not self.rows:
            return
        row = self.rows[self._at]
        if row.state == "closed":
            self.fold(row.item.key, True)
        elif row.state == "open":
            self.move(1)

    def fold(self, key: str, opened: bool) -> None:
        self.outline.folding.choose(key, opened)
        self._lay_out()

    def fold_here(self, opened: bool) -> None:
        if self.rows and self.rows[self._at].state:
            self.fold(self.rows[self._at].item.key, opened)

    def fold_all(self, opened: bool) -> None:
        self.outline.fold_all(opened)
        self._lay_out()

    def next_match(self, by: int, wanted: Callable[[Item], bool]) -> None:
        """To the next row, round the end, that is wanted."""
        count = len(self.rows)
        for step in range(1, count + 1):
            at = (self._at + by * step) % count
            if wanted(self.rows[at].item):
                self._place(at)
                return

    # --------------------------------------------------------------------------------- drawing

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width, base = self.size.width, self.rich_style
        inks = inks_of(self.app)
        if at >= len(self.rows) or width <= 0:
            return strip_of(self._nothing(at), inks, base).adjust_cell_length(max(width, 0), base)
        row = self.rows[at]
        if row.item.key in self._marked and not row.item.mark:
            row = row._replace(item=_with_mark(row.item))
        over = inks.styles["cursor"] if at == self._at and self.has_focus else None
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
        self._lay_out()
        self._scroll_into_sight()
        self.refresh()

    def on_focus(self) -> None:
        self._refresh_row(self._at)

    def on_blur(self) -> None:
        self._refresh_row(self._at)

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if at < len(self.rows):
            again = at == self._at
            self._place(at)
            if again:
                self.post_message(self.Opened(self.rows[at].item))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.move(-3)


def _with_mark(item: Item) -> Item:
    return dataclasses.replace(item, mark="*")

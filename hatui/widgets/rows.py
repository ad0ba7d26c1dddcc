"""A cursor in a tree, held by key while the tree changes under it."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message

from hatui.cluster.draw import UNICODE, Signs
from hatui.cluster.items import Item
from hatui.widgets.listing import Listing


class Rows(Listing, can_focus=True):
    """A tree of items that may change at any time under the cursor."""

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

    def __init__(self, signs: Signs = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(signs, id)
        self.follows_first = False
        """The cursor on the first line stays there when new lines come above it."""
        self._cursor: str | None = None

    # ------------------------------------------------------------------------------ where it is

    @property
    def item(self) -> Item | None:
        """Under the cursor."""
        return self.rows[self.at].item if self.rows else None

    @property
    def position(self) -> tuple[int, int]:
        """Line of the cursor, counted from 1, and how many there are."""
        return (self.at + 1 if self.rows else 0), len(self.rows)

    def settle(self) -> None:
        """By key; where its item is gone, the line stays."""
        keys = [row.item.key for row in self.rows]
        if self.follows_first and self.at == 0:
            at = 0
        elif self._cursor in keys:
            at = keys.index(self._cursor)
        else:
            at = max(min(self.at, len(keys) - 1), 0)
        self._place(at)

    def _place(self, at: int) -> None:
        old_key, old_at = self._cursor, self.at
        self.at = at
        self._cursor = self.rows[at].item.key if self.rows else None
        if old_at != at:
            for y in (old_at, at):
                self.refresh_row(y)
            self.scroll_into_sight()
        if old_key != self._cursor:
            self.post_message(self.Moved(self.item))

    # ----------------------------------------------------------------------------- what keys do

    def move(self, by: int) -> None:
        """The cursor, by so many lines."""
        if self.rows:
            self._place(max(0, min(self.at + by, len(self.rows) - 1)))

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
        row = self.rows[self.at]
        if row.state == "open":
            self.fold(row.item.key, False)
        elif row.depth:
            at = self.at
            while at and self.rows[at].depth >= row.depth:
                at -= 1
            self._place(at)

    def open_or_down(self) -> None:
        """`l`: open this branch, or go into it."""
        if not self.rows:
            return
        row = self.rows[self.at]
        if row.state == "closed":
            self.fold(row.item.key, True)
        elif row.state == "open":
            self.move(1)

    def fold(self, key: str, opened: bool) -> None:
        self.outline.folding.choose(key, opened)
        self.lay_out()

    def fold_here(self, opened: bool) -> None:
        if self.rows and self.rows[self.at].state:
            self.fold(self.rows[self.at].item.key, opened)

    def fold_all(self, opened: bool) -> None:
        self.outline.fold_all(opened)
        self.lay_out()

    def next_match(self, by: int, wanted: Callable[[Item], bool]) -> None:
        """To the next row, round the end, that is wanted."""
        count = len(self.rows)
        for step in range(1, count + 1):
            at = (self.at + by * step) % count
            if wanted(self.rows[at].item):
                self._place(at)
                return

    def on_focus(self) -> None:
        self.refresh_row(self.at)

    def on_blur(self) -> None:
        self.refresh_row(self.at)

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if at < len(self.rows):
            again = at == self.at
            self._place(at)
            if again:
                self.post_message(self.Opened(self.rows[at].item))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.move(-3)

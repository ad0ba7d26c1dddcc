"""Marks: what the next action is about, one by one or as a range."""

from __future__ import annotations

from hatui.cluster.items import Item, Row
from hatui.screens.operating import Operating
from hatui.views import VIEWS
from hatui.widgets.rows import Rows


class Marking(Operating):
    """A screen with rows, of which several may be marked."""

    view: str

    def __init__(self) -> None:
        super().__init__()
        self._from = ""
        """The row where a range began; empty: there is none."""
        self._marked_before: dict[str, Item] = {}

    @property
    def rows(self) -> Rows:
        """The tree in view."""
        return self.query_one(f"#{self.view}", Rows)

    @property
    def ranging(self) -> bool:
        """The cursor draws a range."""
        return bool(self._from)

    def draw_around(self) -> None:
        """Draw what follows the cursor."""

    def action_mark(self) -> None:
        item = self.rows.item
        if self.ranging:
            self.end_range()
        elif item is not None and _markable(item):
            self.toggle_mark(item)
            self.rows.move(1)
            self.marks_changed()

    def action_range(self) -> None:
        """`V`: from here to wherever the cursor goes, until `V` again."""
        item = self.rows.item
        if self.ranging:
            self.end_range()
        elif item is not None:
            self._from, self._marked_before = item.key, dict(self.marked)
            self.stretch_range()

    def stretch_range(self) -> None:
        """The cursor is elsewhere: rows between mark, of those that stand highest in the tree."""
        rows, at = self.rows.rows, self.rows.position[0] - 1
        began = next((n for n, row in enumerate(rows) if row.item.key == self._from), None)
        if not self.ranging or began is None:
            return
        between = _tops(rows[min(began, at) : max(began, at) + 1])
        self.marked = {**self._marked_before, **{item.mark_key: item for item in between}}
        self.marks_changed()

    def end_range(self, keep: bool = True) -> None:
        """Its marks stay, or it never was."""
        if self.ranging and not keep:
            self.marked = self._marked_before
        self._from, self._marked_before = "", {}
        self.marks_changed()

    def action_unmark(self) -> None:
        self.marked.clear()
        self.end_range()

    def begin_anew(self) -> None:
        super().begin_anew()
        self.action_unmark()

    def marks_changed(self) -> None:
        if not self.marked:
            self._from = ""
        for view in VIEWS:
            self.query_one(f"#{view.name}", Rows).mark(frozenset(self.marked))
        self.draw_around()


def _markable(item: Item) -> bool:
    return bool(item.resource) or item.kind == "node"


def _tops(rows: list[Row]) -> list[Item]:
    """What is in a group goes with it, and needs no mark of its own."""
    able = [row for row in rows if _markable(row.item)]
    depth = min((row.depth for row in able), default=0)
    return [row.item for row in able if row.depth == depth]

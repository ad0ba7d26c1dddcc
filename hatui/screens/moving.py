"""The keys that move about in a view: cursor, branches, marks, sorting, panes."""

from __future__ import annotations

from hatui.screens.operating import Operating
from hatui.views import VIEWS, view_of
from hatui.widgets.pager import Pager
from hatui.widgets.rows import Rows


class Moving(Operating):
    """A screen with rows for each view, and a detail pane."""

    view: str

    @property
    def rows(self) -> Rows:
        """The tree in view."""
        return self.query_one(f"#{self.view}", Rows)

    def draw_around(self) -> None:
        """Draw what follows the cursor."""

    @property
    def _focused_part(self) -> Rows | Pager:
        pane = self.query_one("#detail", Pager)
        return pane if pane.has_focus else self.rows

    def action_down(self) -> None:
        self._focused_part.move(1)

    def action_up(self) -> None:
        self._focused_part.move(-1)

    def action_page(self, pages: float) -> None:
        self._focused_part.page(pages)

    def action_first(self) -> None:
        self._focused_part.first()

    def action_last(self) -> None:
        self._focused_part.last()

    def action_pan(self, by: int) -> None:
        """What is too wide for the screen, sideways."""
        self.rows.pan(by)
        self.draw_around()

    def action_close_branch(self) -> None:
        self.rows.close_or_up()
        self.draw_around()

    def action_open_branch(self) -> None:
        self.rows.open_or_down()
        self.draw_around()

    def action_fold(self, opened: bool) -> None:
        self.rows.fold_here(opened)
        self.draw_around()

    def action_fold_all(self) -> None:
        self.rows.fold_all(any(row.state == "closed" for row in self.rows.rows))
        self.draw_around()

    def action_sort(self) -> None:
        """The next order that this view has."""
        orders = view_of(self.view).orders
        known = self.rows.order if self.rows.order in orders else orders[0]
        self.rows.sort_by(orders[(orders.index(known) + 1) % len(orders)])
        self.draw_around()

    def action_mark(self) -> None:
        item = self.rows.item
        if item is not None and (item.resource or item.kind == "node"):
            self.toggle_mark(item)
            self.rows.move(1)
            self.marks_changed()

    def action_unmark(self) -> None:
        self.marked.clear()
        self.marks_changed()

    def marks_changed(self) -> None:
        for view in VIEWS:
            self.query_one(f"#{view.name}", Rows).mark(frozenset(self.marked))
        self.draw_around()

    def action_other_pane(self) -> None:
        pane = self.query_one("#detail", Pager)
        if pane.display and not pane.has_focus:
            pane.focus()
        else:
            self.rows.focus()

"""The keys that move about in a view: cursor, branches, sorting, panes."""

from __future__ import annotations

from hatui.screens.marking import Marking
from hatui.views import view_of
from hatui.widgets.pager import Pager
from hatui.widgets.rows import Rows


class Moving(Marking):
    """A screen with rows for each view, and a detail pane."""

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
        known = self.rows.outline.order if self.rows.outline.order in orders else orders[0]
        self.rows.sort_by(orders[(orders.index(known) + 1) % len(orders)])
        self.draw_around()

    def action_other_pane(self) -> None:
        pane = self.query_one("#detail", Pager)
        if pane.display and not pane.has_focus:
            pane.focus()
        else:
            self.rows.focus()

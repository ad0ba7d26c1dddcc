"""Where the console was, and where the news is: follow, and what is kept between two runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hatui.cluster.items import Item
from hatui.cluster.news import WARN, News
from hatui.screens.moving import Moving
from hatui.views import VIEWS, view_of
from hatui.widgets.rows import Rows


class Following(Moving):
    """A screen whose cursor may go where something happens, and that can be found again as left."""

    def __init__(self) -> None:
        super().__init__()
        self.following = False
        self.pane_wanted = True

    def action_view(self, name: str) -> None:
        """Another view; what that means is the screen's affair."""

    def action_follow(self) -> None:
        """`F`: the cursor goes where the news is, and back to the operator's hand."""
        self.following = not self.following
        self.hatui.say(
            "the cursor goes where something happens" if self.following else "the cursor stays"
        )
        self.draw_around()

    def follow(self, news: Sequence[News]) -> None:
        """To the latest thing that is worth a look."""
        told = [one for one in news if one.level >= WARN and one.subject]
        if not told or not self.following:
            return
        if view_of(self.view).newest_first:
            self.rows.first()
            return
        subject = told[-1].subject
        for row in self.rows.rows:
            if _is_about(row.item, subject):
                self.rows.go(row.item.key)

    # -------------------------------------------------------------------------- between two runs

    def remember(self) -> dict[str, Any]:
        """As plain values."""
        orders = {view.name: self._of(view.name).outline.order for view in VIEWS}
        defaults = {view.name: view.orders[0] for view in VIEWS}
        return {
            "view": self.view,
            "pane": self.pane_wanted,
            "orders": {name: how for name, how in orders.items() if how != defaults[name]},
            "folds": {view.name: folds for view in VIEWS
                      if (folds := self._of(view.name).outline.folding.remember())},
        }  # fmt: skip

    def recall(self, told: dict[str, Any]) -> None:
        """What of it still means something."""
        self.pane_wanted = told.get("pane") is not False
        names = {view.name for view in VIEWS}
        for name, order in _table(told, "orders").items():
            if name in names and order in view_of(name).orders:
                self._of(name).sort_by(str(order))
        for name, folds in _table(told, "folds").items():
            if name in names and isinstance(folds, dict):
                self._of(name).outline.folding.recall(folds)
        if told.get("view") in names:
            self.action_view(str(told["view"]))

    def _of(self, name: str) -> Rows:
        return self.query_one(f"#{name}", Rows)


def _is_about(item: Item, subject: str) -> bool:
    if item.kind == "node":
        return item.node == subject
    return bool(item.resource) and item.resource == subject and not item.children


def _table(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}

"""A tree of items laid out as rows: in an order, filtered, folded, with columns that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hatui.cluster.draw import Columns, Signs, draw, fitted, grown, wanted
from hatui.cluster.filter import Filter
from hatui.cluster.folding import Folding
from hatui.cluster.items import Item, Row, flatten
from hatui.cluster.sorting import arranged
from hatui.cluster.spans import Line, text_of
from hatui.cluster.view import AS_IT_IS

NEAR = 200
"""So many rows above and below what is in sight say how wide the columns are."""
_NARROW = Columns(0, 0, 0)


class Outline:
    """What a screen shows of a tree, whoever draws it."""

    def __init__(self) -> None:
        self.folding = Folding()
        self.forced: Callable[[Item], bool] | None = None
        """Branches that stay open whatever the folding says (a preview's changes)."""
        self.order = AS_IT_IS
        self.filter: Filter | None = None
        self.faults_only = False
        self.rows: list[Row] = []
        self.columns = self._wanted = _NARROW
        self.head: Item | None = None
        """The words above the columns."""
        self.given: tuple[Item, ...] = ()
        """In the order in which they were given."""
        self._items: tuple[Item, ...] = ()
        self._fitted_to = (0, 0)
        """Columns hold still only while the screen does."""

    def give(self, items: Sequence[Item], head: Item | None) -> None:
        """From now on these."""
        self.given, self.head = tuple(items), head
        self._items = arranged(self.given, self.order)

    def sort_by(self, order: str) -> None:
        self.order = order
        self._items = arranged(self.given, order)

    def fold_all(self, opened: bool) -> None:
        self.folding.choose_all(self._items, opened)

    def lay_out(self, width: int, height: int, top: int) -> None:
        """For a screen of this size, of which `top` is the first row in sight."""
        if (width, height) != self._fitted_to:
            self._fitted_to, self._wanted = (width, height), _NARROW
        self.folding.measure(self._items, height)
        self.rows = flatten(self._items, self._is_open, self._matches())
        first = max(top - NEAR, 0)
        near = self.rows[first : first + height + 2 * NEAR]
        if self.head is not None:
            near.append(Row(self.head))
        self._wanted = grown(self._wanted, wanted(near))
        self.columns = fitted(self._wanted, width)

    def all_rows(self) -> list[Row]:
        """Open branches or not; what the filter leaves."""
        return flatten(self._items, lambda item: True, self._matches())

    def heading(self, cells: int, signs: Signs, panned: int = 0) -> Line:
        """The words above the columns, as wide as these are now."""
        return draw(Row(self.head), self.columns, cells, signs, panned) if self.head else ()

    def text(self, cells: int, signs: Signs) -> list[str]:
        """The heading and every row, as they are drawn at this width."""
        lines = [draw(row, self.columns, cells, signs) for row in self.all_rows()]
        return [text_of(line).rstrip() for line in (self.heading(cells, signs), *lines)]

    def _is_open(self, item: Item) -> bool:
        if self.forced is not None and self.forced(item):
            return True
        return self.folding.is_open(item)

    def _matches(self) -> Callable[[Item], bool] | None:
        wanted, faults = self.filter, self.faults_only
        if wanted is None and not faults:
            return None
        if wanted is None:
            return _at_fault
        return lambda item: (not faults or item.rank >= 2) and wanted(item)


def _at_fault(item: Item) -> bool:
    """By itself: of a branch that is, the fault is in what hangs on it."""
    return item.rank >= 2 and not any(child.rank >= 2 for child in item.children)

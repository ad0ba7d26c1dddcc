"""Which branches are open: as the operator left them, else by their state and the room left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hatui.cluster.items import Item, room_left
from hatui.cluster.looks import FAILED

KEPT = 200
"""Choices that outlive a run."""


class Folding:
    """Open and closed branches of one tree.

    Unless told otherwise, what has a fault is open; what is well is open only while the whole tree
    fits, so that the tree of a large healthy cluster is short.
    """

    def __init__(self) -> None:
        self._chosen: dict[str, bool] = {}
        self._room = False

    def measure(self, items: Sequence[Item], height: int) -> None:
        """Learn how many rows there are, and how many can be seen."""
        self._room = room_left(items, height) >= 0

    def is_open(self, item: Item) -> bool:
        chosen = self._chosen.get(item.key)
        if chosen is not None:
            return chosen
        if item.rank >= FAILED.rank:
            return True
        return self._room and not item.quiet

    def choose(self, key: str, opened: bool) -> None:
        self._chosen[key] = opened

    def choose_all(self, items: Iterable[Item], opened: bool) -> None:
        """`*`: every branch."""
        for item in items:
            if item.children:
                self._chosen[item.key] = opened
                self.choose_all(item.children, opened)

    def remember(self) -> dict[str, bool]:
        """The operator's latest choices."""
        return dict(list(self._chosen.items())[-KEPT:])

    def recall(self, chosen: Mapping[str, object]) -> None:
        """Choices of an earlier run."""
        self._chosen.update({key: o for key, o in chosen.items() if isinstance(o, bool)})

    def forget(self) -> None:
        """Back to what the state of things suggests."""
        self._chosen.clear()

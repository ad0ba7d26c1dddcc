"""The orders that this LRM has taken up, by id, so that each is carried out once."""

from __future__ import annotations


class Taken:
    def __init__(self, limit: int, saved: str = "") -> None:
        self._limit = limit
        self._ids: dict[str, None] = dict.fromkeys(saved.split())
        self.changed = False
        """Since last saved."""

    def __contains__(self, order: str) -> bool:
        return order in self._ids

    def add(self, order: str) -> None:
        """Remember an order; beyond the limit the oldest is forgotten."""
        self._ids[order] = None
        self.changed = True
        if len(self._ids) > self._limit:
            del self._ids[next(iter(self._ids))]

    def drop(self, order: str) -> None:
        """It was refused: given again, it is looked at again."""
        self._ids.pop(order, None)

    def drop_older(self, term: int) -> None:
        """A new term: an older one's orders are refused by their term."""
        self._ids = {order: None for order in self._ids if not _older(order, term)}

    def saved(self) -> str:
        return "\n".join(self._ids)


def _older(order: str, term: int) -> bool:
    """Whether an order's id (`term.transition.action`) is of an older term."""
    head = order.partition(".")[0]
    return head.isdecimal() and int(head[:18]) < term

"""The order of a tree's rows, other than the one it comes in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from hatui.cluster.items import Item
from hatui.cluster.natural import natural
from hatui.cluster.spans import text_of

Key = Callable[[Item], Any]


_KEYS: dict[str, Key] = {
    "worst first": lambda item: -item.rank,
    "name": lambda item: natural(item.name),
    "node": lambda item: natural(item.node or text_of(item.where) or "~"),
}


def arranged(items: Sequence[Item], order: str) -> tuple[Item, ...]:
    """The items in this order; branches too, except that groups keep the order they start in."""
    key = _KEYS.get(order)
    if order == "oldest first":
        return tuple(reversed(items))
    if key is None:
        return tuple(items)
    return tuple(_within(item, order) for item in sorted(items, key=key))


def _within(item: Item, order: str) -> Item:
    if not item.children or item.kind != "section":
        return item
    return dataclasses.replace(item, children=arranged(item.children, order))

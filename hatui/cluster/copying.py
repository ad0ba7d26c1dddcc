"""What `c` offers to copy of a thing: its name, its row, where it is, all that is said of it."""

from __future__ import annotations

from collections.abc import Sequence

from hatui.cluster.items import Item
from hatui.cluster.spans import Line, text_of


def offers(item: Item, detail: Sequence[Line]) -> list[tuple[str, str, str]]:
    """(key, label, text), none of them empty."""
    parts = (item.name, item.look.word, text_of(item.where), text_of(item.note))
    row = "  ".join(part for part in parts if part.strip())
    full = "\n".join(text_of(line).rstrip() for line in detail)
    found = [("n", "its name", item.resource or item.node or item.name), ("r", "its row", row)]
    if item.node and item.node != item.name:
        found.append(("w", "its node", item.node))
    found.append(("d", "all that is said of it", full))
    return [offer for offer in found if offer[2]]

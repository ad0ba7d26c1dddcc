"""Whether an order makes sense at all: names that can be names, times that can be times."""

from __future__ import annotations

import re

from hanode.peer_messages import Order

NAME_LIMIT = 256
_TASK = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
TIME_MAX_MS = 366 * 24 * 3600 * 1000


def nonsense(order: Order) -> str:
    """What is wrong with it, if anything."""
    if not order.resource.isprintable() or not 0 < len(order.resource) <= NAME_LIMIT:
        return f"a resource's name has 1 to {NAME_LIMIT} printable characters"
    if not _TASK.fullmatch(order.task):
        return f"{order.task!r:.80} is no action of an agent"
    if not 0 <= order.interval_ms <= TIME_MAX_MS:
        return f"an interval of {order.interval_ms} ms makes no sense"
    if not 0 < order.timeout_ms <= TIME_MAX_MS:
        return f"a time-out of {order.timeout_ms} ms makes no sense"
    return ""

"""What a console sends is looked through before it is believed to be a request: how much is in it.

A frame of a million empty lists is short to send and takes many seconds to decode, in which the
node does nothing else. Requests, and the orders packed in them, are made of few parts.
"""

from __future__ import annotations

from typing import Any

import msgpack

from hanode.codec import Garbled

PARTS_MAX = 50_000
"""Lists and maps in one request, with all that is packed in it: each step of a change is one."""
LENGTH_MAX, ITEMS_MAX = 50_000, 500_000
"""Items of one of them; of all."""
DEPTH_MAX = 4
"""A request holds an event, which may hold several: packed within each other."""


def screen(data: bytes) -> None:
    """Raises Garbled if there is too much in it; what is no message is none of our business."""
    _Screening().look_into(data, DEPTH_MAX)


class _Screening:
    def __init__(self) -> None:
        self._parts = 0
        self._items = 0

    def look_into(self, data: bytes, depth: int) -> None:
        packed: list[bytes] = []
        most = min(LENGTH_MAX, len(data))

        def seen(items: Any) -> None:
            self._parts += 1
            self._items += len(items)
            if self._parts > PARTS_MAX or self._items > ITEMS_MAX:
                raise Garbled(f"more than {PARTS_MAX} parts, or {ITEMS_MAX} items in them")
            packed.extend(item for item in items if isinstance(item, bytes))

        try:
            msgpack.unpackb(
                data, raw=False, strict_map_key=False, list_hook=seen,
                object_hook=lambda found: seen(found.values()),
                max_array_len=most, max_map_len=most,
            )  # fmt: skip
        except Garbled:
            raise
        except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
            # What is too short for so much is a key, a signature, or broken: no message.
            if "exceeds max_" in str(error) and len(data) > LENGTH_MAX:
                raise Garbled(f"a part with more than {LENGTH_MAX} items") from None
            return
        if depth:
            for each in packed:
                self.look_into(each, depth - 1)

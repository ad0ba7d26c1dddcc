"""Virtual time: a queue of what happens next, in an order that a seed repeats exactly."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any


class Agenda:
    """What is to happen, by time; of two things at one time, the one that was planned first."""

    def __init__(self) -> None:
        self.now = 0.0
        self.count = 0
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []

    def at(self, when: float, do: Callable[..., None], *args: Any) -> None:
        """Plan `do(*args)` for `when`; what should have been already is done next."""
        self.count += 1
        heapq.heappush(self._heap, (max(when, self.now), self.count, do, args))

    def after(self, delay: float, do: Callable[..., None], *args: Any) -> None:
        self.at(self.now + delay, do, *args)

    def run(self, until: float) -> None:
        """Let everything happen that is planned up to `until`."""
        heap = self._heap
        while heap and heap[0][0] <= until:
            when, _, do, args = heapq.heappop(heap)
            self.now = when
            do(*args)
        self.now = until

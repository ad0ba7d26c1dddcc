"""How long news that matters is gathered: hardly after calm, ever longer as a storm goes on."""

from __future__ import annotations

AT_ONCE, SOON, LATEST = 0.02, 0.05, 0.25
"""Seconds: after calm; at a storm's beginning; when it has lasted."""
CALM = 0.1
"""Seconds without a flush: what comes then is no storm."""
FLURRY = 2.0
"""Seconds that what an order or a failure leads to may take: no storm yet."""
SLOWER = 1.25
"""So many times as long is waited after each flush of a storm."""


class Haste:
    """Of one line, on one clock."""

    def __init__(self) -> None:
        self._flushed_at = self._began_at = float("-inf")
        self._gather = SOON

    def flushed(self, now: float) -> None:
        """What was gathered has been handed on."""
        if self._calm(now):
            self._begin(now)
        elif now - self._began_at > FLURRY:
            self._gather = min(self._gather * SLOWER, LATEST)
        self._flushed_at = now

    def wait(self, now: float) -> float:
        """Seconds until what has just come is to be handed on."""
        if not self._calm(now):
            return self._gather
        self._begin(now)
        return AT_ONCE

    def _calm(self, now: float) -> bool:
        return now - self._flushed_at >= max(CALM, 2 * self._gather)

    def _begin(self, now: float) -> None:
        self._began_at, self._gather = now, SOON

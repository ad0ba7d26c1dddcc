"""When the next heartbeat leaves: steadily, sooner if there is news."""

from __future__ import annotations

from hanode.settings import Timing

FASTEST = 0.1
"""Of a keepalive: the least between two heartbeats."""


class Cadence:
    """Two deadlines: the regular heartbeat, and one that can't wait for it."""

    def __init__(self, first: float, timing: Timing) -> None:
        self._keepalive = timing.keepalive
        self._stall = timing.deadtime / 2
        self._regular_at = first
        self._urgent_at: float | None = None
        self._last_at = 0.0

    @property
    def at(self) -> float:
        """When the next heartbeat is due."""
        urgent = self._urgent_at
        return self._regular_at if urgent is None else min(self._regular_at, urgent)

    @property
    def urged(self) -> bool:
        """News wait to be told."""
        return self._urgent_at is not None

    def stalled(self, now: float) -> bool:
        """This process slept: what it did not hear meanwhile says nothing of the others."""
        return now - self._regular_at > self._stall

    def urge(self, now: float, bulk: float = 0.0) -> None:
        """There is news; but never more than ten times the usual rate, or one heartbeat in `bulk`
        keepalives."""
        at = max(now, self._last_at + self._keepalive * max(FASTEST, bulk))
        self._urgent_at = at if self._urgent_at is None else min(at, self._urgent_at)

    def beat(self, now: float) -> float:
        """A heartbeat leaves; says how late it is."""
        late = max(0.0, now - self._regular_at)
        self._last_at, self._urgent_at = now, None
        if now >= self._regular_at:
            self._regular_at += self._keepalive
            if self._regular_at <= now:
                self._regular_at = now + self._keepalive
        return late

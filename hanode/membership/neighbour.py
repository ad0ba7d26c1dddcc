"""Whether a peer counts: heard both ways, for long enough, until just now.

The first time a peer is believed after two heartbeats. One that was lost before, in the same boot,
must be steady for longer each time: a link that flaps costs one view, not one a second.
"""

from __future__ import annotations

from hanode.settings import Timing

FORGIVEN_AFTER = 60.0
"""Seconds of counting without a break after which earlier losses are forgotten."""
LOSSES_REMEMBERED = 4


class Neighbour:
    """One peer in one boot of it."""

    __slots__ = ("_both_ways_since", "_counted_at", "_losses", "_timing", "_until", "counts")

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._losses = 0
        self._both_ways_since: float | None = None
        self._counted_at = 0.0
        self._until = 0.0
        self.counts = False

    def judge(self, until: float, welcome: bool, now: float) -> bool:
        """Heard both ways until then; `welcome` if it counts us already. True if the answer
        to `counts` changes."""
        self._until = until
        if until <= now:
            return self._lose()
        if self.counts:
            if now > self._counted_at + FORGIVEN_AFTER:
                self._losses = 0
            return False
        if self._both_ways_since is None:
            self._both_ways_since = now
        if now < self._both_ways_since + self._settling(welcome):
            return False
        self.counts = True
        self._counted_at = now
        return True

    def deadline(self) -> float | None:
        """When to judge again, without news."""
        if self.counts or self._both_ways_since is None:
            return self._until if self.counts else None
        return min(self._until, self._both_ways_since + self._settling(False))

    def _lose(self) -> bool:
        self._both_ways_since = None
        if not self.counts:
            return False
        self.counts = False
        self._losses = min(self._losses + 1, LOSSES_REMEMBERED)
        return True

    def _settling(self, welcome: bool) -> float:
        if self._losses:
            return float(self._timing.deadtime / 2 * 2 ** (self._losses - 1))
        return 0.0 if welcome else 2 * self._timing.keepalive

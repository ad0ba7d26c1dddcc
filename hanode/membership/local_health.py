"""How far this node trusts its own clockwork (Lifeguard): who is late himself blames himself."""

from __future__ import annotations

from hanode.settings import Timing

WORST = 6
RECOVERY_BEATS = 20
"""So many heartbeats on time take one step back."""
LATE_KEEPALIVES = 2
"""A heartbeat that leaves so many keepalives too late is this node's own fault."""


class LocalHealth:
    """0 is well; each step lengthens this node's suspicions by half a deadtime."""

    def __init__(self, timing: Timing) -> None:
        self.score = 0
        self.stalled = False
        """The last heartbeat left so late that the others may have counted this node as lost."""
        self._timing = timing
        self._on_time = 0

    @property
    def patience(self) -> float:
        """The factor by which suspicions are lengthened."""
        return 1.0 + self.score / 2

    def beat(self, late: float) -> None:
        """A heartbeat left, so many seconds late."""
        self.stalled = late > self._timing.deadtime / 2
        if late > LATE_KEEPALIVES * self._timing.keepalive:
            self.score = min(self.score + 1, WORST)
            self._on_time = 0
            return
        self._on_time += 1
        if self._on_time >= RECOVERY_BEATS:
            self.score = max(self.score - 1, 0)
            self._on_time = 0

"""A machine's clocks: the monotonic one, which drifts a little, and the wall's, which may jump."""

from __future__ import annotations

EPOCH = 1_790_000_000.0
"""What a correct wall clock shows when virtual time begins."""


class Clock:
    """Between virtual time and what one machine's clocks show."""

    def __init__(self, rate: float = 1.0) -> None:
        self.rate = rate
        self.wall_offset = 0.0
        self.set_at = float("-inf")
        """When the wall's clock was last set."""
        self._zero = 0.0
        self._latest = 0.0

    def jump(self, seconds: float, virtual: float) -> None:
        """Somebody sets the wall's clock."""
        self.wall_offset += seconds
        self.set_at = virtual

    def restart(self, virtual: float) -> None:
        """The monotonic clock begins anew with the machine."""
        self._zero, self._latest = virtual - 1.0, 0.0

    def local(self, virtual: float) -> float:
        """What the monotonic clock shows; never less than before."""
        self._latest = max(self._latest, (virtual - self._zero) * self.rate)
        return self._latest

    def reached(self, local: float) -> float:
        """A timer rings exactly when it was set for, whatever the rounding."""
        self._latest = max(self._latest, local)
        return self._latest

    def virtual(self, local: float) -> float:
        return self._zero + local / self.rate

    def wall(self, virtual: float) -> float:
        return EPOCH + virtual + self.wall_offset

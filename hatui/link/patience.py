"""How long a line rests after a round of its addresses: ever longer while none of them holds."""

from __future__ import annotations

FIRST, LONGEST = 0.1, 5.0
"""Seconds."""
STEADY = 5.0
"""An attachment of so many seconds held: what ends it is another story. One that ends at once, each
time (a node that can't be understood, or throws us out), is as good as none."""


class Patience:
    """Of one line."""

    def __init__(self) -> None:
        self._next = FIRST

    def attached(self, seconds: float) -> None:
        """For so long, at one address."""
        if seconds >= STEADY:
            self._next = FIRST

    def rest(self) -> float:
        """Seconds until the next round."""
        now, self._next = self._next, min(self._next * 2, LONGEST)
        return now

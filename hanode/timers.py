"""Named deadlines: the only way a component of the core asks to be woken.

A deadline is state, set when something happens; it never moves because time passed.
"""

from __future__ import annotations


class Timers:
    """A few named deadlines, in seconds of the monotonic clock that `now` counts."""

    def __init__(self) -> None:
        self._deadlines: dict[str, float] = {}

    def set(self, name: str, at: float) -> None:
        """Ring `name` at `at`, in place of an earlier setting of the same name."""
        self._deadlines[name] = at

    def clear(self, name: str) -> None:
        self._deadlines.pop(name, None)

    def at(self, name: str) -> float | None:
        return self._deadlines.get(name)

    def next(self) -> float | None:
        """The earliest deadline, or None."""
        return min(self._deadlines.values(), default=None)

    def due(self, now: float) -> list[str]:
        """Take out the deadlines that have come, earliest first (then by name)."""
        ringing = sorted((at, name) for name, at in self._deadlines.items() if at <= now)
        for _, name in ringing:
            del self._deadlines[name]
        return [name for _, name in ringing]

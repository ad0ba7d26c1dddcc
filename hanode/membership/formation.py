"""When a node that has just started may speak of a view: ha.cf's initdead.

A cluster that starts should come up whole: the first view waits for all members. It does not wait
for ever: a majority that has not grown for a while goes ahead, after initdead anybody does. Who
comes late, or whose heartbeat process was started again, joins what the others propose.
"""

from __future__ import annotations

from hanode.settings import Timing


class Formation:
    """Asked until it says yes for the first time."""

    def __init__(self, started: float, timing: Timing) -> None:
        self._initdead_at = started + timing.initdead
        self._patience = 2 * timing.deadtime
        self._target = 0
        self._steady_at = started + self._patience
        self.over = False

    def allows(
        self, target: int, *, whole: bool, majority: bool, proposed: bool, now: float
    ) -> bool:
        """Whether to propose `target`: `whole` if it lacks nobody, `proposed` if a member of it
        proposes just that."""
        if target != self._target:
            self._target, self._steady_at = target, now + self._patience
        self.over = (
            self.over
            or whole
            or proposed
            or (majority and now >= self._steady_at)
            or now >= self._initdead_at
        )
        return self.over

    def deadline(self, now: float) -> float | None:
        """The next instant at which the answer may change by itself."""
        waits = (self._steady_at, self._initdead_at)
        return None if self.over else min((at for at in waits if at > now), default=None)

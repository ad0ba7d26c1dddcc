"""The quorum lease: how long this node may act, from what a majority gave back.

A lease counts from the *sending* of the heartbeat that a majority has echoed, so however long a
packet or this process slept, it is over before any of that majority counts this node as lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanode.membership.votes import majority


class SentTimes:
    """When each of this process's latest heartbeats left."""

    SIZE = 256
    """An echo of an older one than this proves nothing any more."""

    def __init__(self) -> None:
        self.newest = 0
        self._times = [0.0] * self.SIZE

    def next(self, now: float) -> int:
        """The number of a heartbeat that leaves now."""
        self.newest += 1
        self._times[self.newest % self.SIZE] = now
        return self.newest

    def of(self, seq: int) -> float | None:
        """None if it was never sent, or too long ago."""
        if max(0, self.newest - self.SIZE) < seq <= self.newest:
            return self._times[seq % self.SIZE]
        return None


def lease_until(grants: Iterable[float], voters: int) -> float:
    """The end of the lease; 0 without a majority.

    `grants` has for each voter until when it lets this node act, counted from when the heartbeat
    was sent which it echoed last while its agreed view contained this node (0 for none), this
    node's own last one included if it votes.
    """
    latest = sorted((grant for grant in grants if grant > 0), reverse=True)
    needed = majority(voters)
    return latest[needed - 1] if len(latest) >= needed else 0.0

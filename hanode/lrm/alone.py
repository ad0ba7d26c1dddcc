"""A node whose lease is over: by when its LRM stops what runs by itself, whatever its crm does.

Only where the crm had said so before (fencing disabled, nothing to be left alone): there the
others count on it that everything here has stopped `ISOLATION_STOP_LIMIT` after the lease
(cluster rule 6). The crm knows a better order, and has the first word; but one that is silent, that
has just been started again, whose PE fails, or whose stops hang one after the other, must not make
that a lie.
"""

from __future__ import annotations

from hanode.local_messages import AloneRule
from hanode.settings import ISOLATION_STOP_LIMIT

SILENCE = 1.2
"""Seconds without a word of the crm after which it is not waited for."""
OWN_TIME = 0.7
"""So many seconds before the end of the limit the crm is not waited for, either."""
AGAIN = 5.0
"""Seconds between two attempts at what runs on beyond the limit."""
LOOK_EVERY = 0.25
"""Seconds between two looks at the lease."""


class Alone:
    def __init__(self, stop: bool) -> None:
        """`stop`: what the crm had told the life of this LRM before, which it may not tell again:
        both may have failed."""
        self.stop = stop
        self._told_at = 0.0
        self._look_at: float | None = 0.0 if stop else None
        self._looked = False
        self._over_since: float | None = None
        """When the lease was first seen to be over; None: it holds."""
        self._again_at = 0.0

    def told(self, rule: AloneRule, now: float) -> bool:
        """A word of the crm: it lives, and says what would have to be done without it. Whether
        that is news."""
        news = rule.stop is not self.stop
        self.stop, self._told_at = rule.stop, now
        if not rule.stop:
            self._look_at, self._over_since = None, None
        elif self._look_at is None:
            self._look_at = now + LOOK_EVERY
        return news

    def deadline(self) -> float | None:
        return self._look_at

    def looks(self, now: float) -> bool:
        """Whether the lease is to be looked at now."""
        if self._look_at is None or now < self._look_at:
            return False
        self._look_at = now + LOOK_EVERY
        return True

    def seen(self, until: float, now: float) -> float | None:
        """The lease is over at `until`. By when all has to be stopped, if it is on us to do it."""
        unseen = LOOK_EVERY if self._looked else ISOLATION_STOP_LIMIT - OWN_TIME
        self._looked = True
        if until > now:
            self._over_since = None
            return None
        if self._over_since is None:
            self._over_since = self._again_at = max(until, now - unseen)
        limit = self._over_since + ISOLATION_STOP_LIMIT
        awaited = now < min(self._told_at + SILENCE, limit - OWN_TIME)
        if not self.stop or awaited or now < self._again_at:
            return None
        self._again_at = 0.0 if now < limit else now + AGAIN
        return max(now, limit)

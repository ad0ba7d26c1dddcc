"""Which sequence numbers have come on one link: the guard against replays, a measure of loss."""

from __future__ import annotations

SIZE = 1024
"""How far behind the newest a packet may come. Older ones could not be told from replays."""
MEASURED = 128
"""Loss is the share of missing ones among so many."""
_SEEN = (1 << SIZE) - 1


class Window:
    """Bit n of `_seen` stands for the number `newest - n`."""

    __slots__ = ("_first", "_seen", "newest")

    def __init__(self) -> None:
        self.newest = 0
        self._first = 0
        self._seen = 0

    def admit(self, number: int) -> bool:
        """Whether this number (1 and up) has not come before; notes that it has."""
        ahead = number - self.newest
        if ahead > 0:
            self._first = self._first or number
            self._seen = (self._seen << ahead | 1) & _SEEN if ahead < SIZE else 1
            self.newest = number
            return True
        bit = 1 << -ahead
        if -ahead >= SIZE or number < 1 or self._seen & bit:
            return False
        self._seen |= bit
        return True

    def missed(self, latest: int) -> float:
        """The share that did not come of the last ones up to `latest` (sent, on any link)."""
        behind = latest - self.newest
        expected = min(latest - self._first + 1, MEASURED) if self._first else MEASURED
        if behind >= expected:
            return 1.0
        came = (self._seen << behind & (1 << expected) - 1).bit_count()
        return 1.0 - came / expected

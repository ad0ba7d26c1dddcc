"""The highest term this LRM has seen, which is its fencing token: who may order what."""

from __future__ import annotations

import enum

SHEDDING = ("stop", "demote")
"""What waits for no free place for its agent."""
HARMLESS = (*SHEDDING, "monitor", "notify", "cancel")
"""What starts nothing, so that it may be done without a term on disk."""


class Gate(enum.Enum):
    OPEN = "open"
    WAIT = "wait"
    """The term is on its way to the disk."""
    OLD = "old"
    SHUT = "shut"
    """The disk doesn't take the term: nothing that starts something."""


class Term:
    def __init__(self, known: int) -> None:
        """`known` was read at birth. That it can be written, too, is still to be shown: else a new
        life on a broken disk would obey a DC that the one before knew to be over."""
        self.seen = known
        self.on_disk = 0
        """The highest that this life has written."""
        self.failed = False
        """The last write of `seen` failed, or takes too long to wait for."""
        self.refused = False
        """It failed: the disk takes nothing."""

    @property
    def durable(self) -> bool:
        return self.on_disk >= self.seen

    def take(self, term: int) -> None:
        assert term > self.seen
        self.seen, self.failed, self.refused = term, False, False

    def wrote(self, term: int, ok: bool) -> None:
        """What became of a write; one that a later term has overtaken says less."""
        if ok:
            self.on_disk = max(self.on_disk, min(term, self.seen))
        if term == self.seen:
            self.failed = self.refused = not ok

    def gate(self, term: int, task: str) -> Gate:
        """May an order of `term` to do `task` be carried out?"""
        if term < self.seen:
            return Gate.OLD
        if self.durable:
            return Gate.OPEN
        if not self.failed:
            return Gate.WAIT
        return Gate.OPEN if task in HARMLESS else Gate.SHUT

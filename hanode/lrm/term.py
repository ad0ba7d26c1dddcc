"""The highest term this LRM has seen, which is its fencing token: who may order what."""

from __future__ import annotations

import enum

SHEDDING = ("stop", "demote")
"""What may be done without a term on disk, and without a free place for its agent."""


class Gate(enum.Enum):
    OPEN = "open"
    WAIT = "wait"
    """The term is on its way to the disk."""
    OLD = "old"
    SHUT = "shut"
    """The disk doesn't take the term: only stop and demote."""


class Term:
    def __init__(self, on_disk: int) -> None:
        self.seen = on_disk
        self.on_disk = on_disk
        self.failed = False
        """The last write of `seen` failed, or takes too long to wait for."""

    @property
    def durable(self) -> bool:
        return self.on_disk >= self.seen

    def take(self, term: int) -> None:
        assert term > self.seen
        self.seen, self.failed = term, False

    def wrote(self, term: int, ok: bool) -> None:
        """What became of a write; one that a later term has overtaken says less."""
        if ok:
            self.on_disk = max(self.on_disk, min(term, self.seen))
        if term == self.seen:
            self.failed = not ok

    def gate(self, term: int, task: str) -> Gate:
        """May an order of `term` to do `task` be carried out?"""
        if term < self.seen:
            return Gate.OLD
        if self.durable:
            return Gate.OPEN
        if not self.failed:
            return Gate.WAIT
        return Gate.OPEN if task in SHEDDING else Gate.SHUT

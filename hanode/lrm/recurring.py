"""A recurring monitor: when its next turn is, and whether an answer is news."""

from __future__ import annotations

from dataclasses import dataclass

from hanode.lrm.operation import Run
from hanode.lrm.saved import Watched
from hanode.peer_messages import Order

PUT_OFF = 1.0
LEAST = 0.1
"""Seconds between two turns: less would be a loop, not a watch, whatever was configured."""


@dataclass(slots=True, eq=False)
class Recurring:
    order: Order
    next_at: float
    answer: tuple[int, str] | None = None
    """(rc, status) as last stated; None before the first answer."""
    queued: bool = False
    """Its turn waits or runs, or was given up and is not over yet."""
    excused: int = 0
    """Time-outs in a row that were put down to a starving machine."""
    word: Watched | None = None
    """As it was last saved."""

    @property
    def key(self) -> tuple[str, int]:
        return self.order.task, self.order.interval_ms

    def take_turn(self) -> None:
        assert not self.queued
        self.queued = True

    def answered(self, rc: int, status: str, now: float) -> bool:
        """The turn is over; the next one is an interval later. True: this is news."""
        news = self.answer != (rc, status)
        self.answer = (rc, status)
        self.end_turn(now)
        return news

    def saved(self, run: Run) -> Watched:
        """For the table: the same word as long as there is no news."""
        word, (rc, status) = self.word, self.answer or (0, "")
        if word is None or (word.rc, word.status, word.mark, word.pid) != (rc, status, *run):
            word = self.word = Watched(self.order, rc, status, run.mark, run.pid)
        return word

    def put_off(self, now: float) -> None:
        """No answer came, through no fault of the resource's: an interval later again, or soon if
        somebody waits for the first one."""
        self.queued = False
        self.next_at = now + (self._wait if self.answer is not None else min(self._wait, PUT_OFF))

    def end_turn(self, now: float) -> None:
        """Whoever ordered it waits for a first answer: until then, turns follow at once."""
        self.queued = False
        self.next_at = now if self.answer is None else now + self._wait

    @property
    def _wait(self) -> float:
        return max(LEAST, self.order.interval_ms / 1000)

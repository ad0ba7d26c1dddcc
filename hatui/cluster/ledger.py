"""How long things took: operations by resource, fencings by node, and each transition's actions.

Fed by the log, entry after entry; never asks. What it holds is bounded.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

from hanode.events import (
    Event,
    FencingConfirmed,
    FencingFailed,
    OperationFinished,
    Planned,
    Statement,
    TransitionStarted,
)

KEEP_WALKS = 40
KEEP_TIMES = 50
KEEP_SUBJECTS = 20_000
FENCE = "fence"

Subject = tuple[str, str]
"""Resource and task; for a fencing, the node and FENCE."""


class Run(NamedTuple):
    """One action of a transition, as it went."""

    began: float
    ended: float
    good: bool


class Walk(NamedTuple):
    """One transition, and what is known of its actions."""

    id: int
    began: float
    actions: tuple[Planned, ...]
    runs: dict[int, Run]


class Expected(NamedTuple):
    """What the past says of how long something takes."""

    median: float
    worst: float
    """The 95th percentile, or the longest of a few."""
    times: int


def is_fencing(action: Planned) -> bool:
    return not action.resource and action.operation in ("reboot", "off", "on")


def as_expected(done: OperationFinished) -> bool:
    """It is over, and answered what was expected of it."""
    return done.status == "done" and done.rc == done.expected_rc


class Ledger:
    """Times of one cluster."""

    def __init__(self) -> None:
        self.walks: dict[str, Walk] = {}
        """By the entry's term and number, as orders name them: `3.17`; oldest first."""
        self._times: dict[Subject, array[float]] = {}
        """The latest last. Arrays, for there are thousands: a deque takes ten times as much."""
        self._current = ""

    def tell(self, said: Statement, event: Event, term: int) -> None:
        """One more entry of the log."""
        if isinstance(event, TransitionStarted):
            self._start(event, said, term)
        elif isinstance(event, OperationFinished):
            self._finished(event)
        elif isinstance(event, FencingConfirmed):
            self._took((event.target, FENCE), event.exec_ms / 1000)
            self._fenced(event.target, said.at, event.exec_ms / 1000, good=True)
        elif isinstance(event, FencingFailed):
            self._fenced(event.target, said.at, 0.0, good=False)

    def expected(self, subject: Subject) -> Expected | None:
        """None where there is no past."""
        times = sorted(self._times.get(subject, ()))
        if not times:
            return None
        return Expected(times[len(times) // 2], times[(len(times) * 95) // 100], len(times))

    def times(self, subject: Subject) -> tuple[float, ...]:
        """The latest of them, oldest first."""
        return tuple(self._times.get(subject, ()))

    def _start(self, event: TransitionStarted, said: Statement, term: int) -> None:
        self._current = f"{term}.{event.transition}"
        self.walks[self._current] = Walk(event.transition, said.at, event.actions, {})
        while len(self.walks) > KEEP_WALKS:
            del self.walks[next(iter(self.walks))]

    def _finished(self, event: OperationFinished) -> None:
        good = as_expected(event)
        took = event.exec_ms / 1000
        if good:
            self._took((event.resource, event.task), took)
        walk_id, _, action = event.order.rpartition(".")
        walk = self.walks.get(walk_id)
        if walk is not None and action.isdecimal() and event.status != "pending":
            walk.runs[int(action)] = Run(event.at - took, event.at, good)

    def runs(self, number: int, began: float) -> dict[int, Run]:
        """What is known of the actions of the transition that began then."""
        for walk in self.walks.values():
            if walk.id == number and walk.began == began:
                return walk.runs
        return {}

    def _fenced(self, node: str, at: float, took: float, good: bool) -> None:
        walk = self.walks.get(self._current)
        for action in walk.actions if walk is not None else ():
            if walk is not None and action.node == node and is_fencing(action):
                walk.runs[action.id] = Run(at - took, at, good)

    def _took(self, subject: Subject, seconds: float) -> None:
        if subject not in self._times and len(self._times) >= KEEP_SUBJECTS:
            return
        times = self._times.setdefault(subject, array("d"))
        times.append(seconds)
        del times[:-KEEP_TIMES]

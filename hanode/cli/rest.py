"""Waiting until a cluster has come to rest: nothing under way, and nothing left to decide."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from hanode.cli.absent import Absent
from hanode.cli.desk import Desk
from hanode.cli.exits import UNAVAILABLE, Failed
from hanode.cli.telling import sentence
from hanode.events import Event, FencingFailed, OperationFinished
from hanode.mgmt.protocol import Subscribe
from hanode.mgmt.session import Gap, Mirror, News
from hanode.pe import schedule
from hanode.state import ClusterState, cib_of
from hanode.state.operations import failed

SILENCE = 0.25
"""Seconds without news after which a cluster is asked whether it is at rest."""


class Rest(NamedTuple):
    """How the waiting ended."""

    unrest: str = ""
    """What was not done at the limit; empty when all was."""
    failures: tuple[str, ...] = ()
    """Operations that failed meanwhile, in words."""
    absent: tuple[str, ...] = ()
    """Where something was found not to be installed, in words: it runs elsewhere, if anywhere."""
    missed: str = ""
    """What is not as it was ordered, though nothing is left to be done."""

    @property
    def trouble(self) -> str:
        """All that was not as it should be, in words."""
        return "; ".join((*self.failures, *filter(None, (self.unrest, self.missed))))


def wait_for_rest(desk: Desk, index: int, limit: float, leaving: str = "") -> Rest:
    """Return once everything after entry `index` is done, or at the limit (seconds).

    The log is followed from where the command began, so that nothing falls between. The node that
    is asked may be the one that is `leaving`: then its going is the end.
    """
    watch = _Watch(desk, index)
    try:
        return watch.until(time.monotonic() + limit)
    except Failed as lost:
        if lost.code != UNAVAILABLE or leaving != desk.line.welcome.node:
            raise
        return Rest("", tuple(watch.failures))


class _Watch:
    """What happened since an order was given, as the log tells it."""

    def __init__(self, desk: Desk, index: int) -> None:
        self.failures: list[str] = []
        self._desk = desk
        self._index = index
        self._absent = Absent()
        self._mirror = Mirror()
        self._mirror.take(desk.image)

    def until(self, deadline: float) -> Rest:
        line, mirror, absent = self._desk.line, self._mirror, self._absent
        number = line.subscribe(Subscribe, after=self._desk.image.position)
        for answer in line.listen(number, SILENCE):
            news = [item for item in _take(mirror, answer) if item.entry.index > self._index]
            self.failures += [sentence(item.event) for item in news if _failed(item.event)]
            absent.note(item.event for item in news)
            unrest = _unrest(mirror.state, self._index)
            if not unrest or time.monotonic() >= deadline:
                self.failures += absent.nowhere(mirror.state) if not unrest else ()
                return Rest(unrest, tuple(self.failures), tuple(absent.sentences()))
        return Rest("the node fell silent", tuple(self.failures))


def _take(mirror: Mirror, answer: Any) -> list[News]:
    try:
        return mirror.take(answer)
    except Gap:
        mirror.forget()  # the next image mends it
        return []


def _failed(event: Event) -> bool:
    if isinstance(event, FencingFailed):
        return event.action == "on"  # a fencing is tried again, an unfencing isn't
    return isinstance(event, OperationFinished) and failed(event)


def _unrest(state: ClusterState | None, index: int) -> str:
    """Why this is not the end. The policy engine is asked only when nothing is under way."""
    if state is None or state.position.index < index:
        return f"entry {index} has not come here yet"
    running = state.transition
    if running is not None:
        return f"transition {running.id} is under way"
    for intent in state.intents.values():
        return f"{intent.target} is to be fenced ({intent.reason})"
    for order in state.unfencings.values():
        return f"{order.target} is to be let in again"
    transition = schedule(cib_of(state), time.time())
    if transition.empty:
        return ""
    left = [f"{c.action} {c.resource or ''} on {' -> '.join(c.nodes)}" for c in transition.summary]
    return "; ".join(left[:3]) or f"{len(transition.actions)} actions are still to be done"

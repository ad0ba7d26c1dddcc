"""The first moments of an LRM's life: nothing is new before its former life's agents are gone and
what it left is taken up."""

from __future__ import annotations

from collections import deque
from typing import Any

from hanode.effects import Say
from hanode.lrm.fences import FenceDesk
from hanode.lrm.history import History
from hanode.lrm.recovery import Recovery
from hanode.lrm.saved import Begun
from hanode.lrm.term_writing import TermWriting
from hanode.lrm.work import Work


class Birth:
    def __init__(
        self, recovery: Recovery, history: History, work: Work, fences: FenceDesk,
        writing: TermWriting, limit: int,
    ) -> None:  # fmt: skip
        self._recovery = recovery
        self._writing = writing
        self._history = history
        self._work = work
        self._fences = fences
        self._limit = limit
        self._held: deque[Any] = deque()
        """What the crm said meanwhile."""
        self._began = False
        self.settled = False

    def begin(self, now: float) -> list[Any]:
        """Once: have what is left of the former life ended, and the disk shown to take writes."""
        if self._began:
            return []
        self._began = True
        self._settle(now)
        return [*self._writing.prove(now), *self._recovery.leftovers()]

    def gone(self, token: int, now: float) -> bool:
        """A process has ended. False: it was none of a former life's."""
        if not self._recovery.gone(token):
            return False
        self._settle(now)
        return True

    def hold(self, message: Any) -> list[Any]:
        """The crm's word waits until all is taken up; what it repeats waits once."""
        alike = (held for held in reversed(self._held) if type(held) is type(message))
        if next(alike, None) == message:
            return []
        if len(self._held) < self._limit:
            self._held.append(message)
            return []
        return [Say("error", f"{len(self._held)} messages wait already: one is dropped")]

    def held(self) -> list[Any]:
        """What may be heard now."""
        held = list(self._held) if self.settled else []
        if self.settled:
            self._held.clear()
        return held

    def running(self) -> int:
        """How many resources run here, or may; fence devices run nowhere."""
        agents = self._work.may_run() if self.settled else self._recovery.head.running
        return sum(not agent.startswith("stonith:") for agent in agents.values())

    def _settle(self, now: float) -> None:
        """Take up what was left, now that none of its agents is at work."""
        if self.settled or not self._recovery.done:
            return
        for fact in self._recovery.results:
            self._history.note(fact)
        self._history.recall(self._recovery.head.running)
        for watched in self._recovery.watched:
            answer = (watched.rc, watched.status) if watched.status else None
            self._work.turns.take_back(watched.order, answer, now)
        for begun in self._recovery.begun:
            self._resume(begun, now)
        for order in self._recovery.fencings:
            self._fences.resume(order, now)
        self.settled = True

    def _resume(self, begun: Begun, now: float) -> None:
        """An operation that OCF allows to be done twice is; of another, nobody knows."""
        if begun.limit is not None:
            self._work.own_rule.take(begun.order, max(begun.limit, now), now)
        elif begun.repeatable:
            self._work.add(begun.order, now, begun.mark)
        else:
            self._work.lose(begun.order, "the lrm was restarted while it ran", now)

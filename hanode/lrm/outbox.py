"""Facts that the crm has not yet noted: numbered, kept in order, said again until it has."""

from __future__ import annotations

from collections import deque

from hanode.events import OperationFinished
from hanode.local_messages import Finished
from hanode.settings import EVENTS_IN_FLIGHT


class Outbox:
    def __init__(self, number: int = 0, kept: tuple[Finished, ...] = ()) -> None:
        self.number = number
        self.kept: deque[Finished] = deque(kept, maxlen=EVENTS_IN_FLIGHT)
        """When full, the oldest goes: a term's report has the last result of everything."""

    def put(self, fact: OperationFinished) -> Finished:
        self.number += 1
        finished = Finished(self.number, fact)
        self.kept.append(finished)
        return finished

    def noted(self, number: int) -> bool:
        """Drop the fact of this number: the log may take facts in another order than ours. True
        if there was one."""
        for finished in self.kept:
            if finished.number == number:
                self.kept.remove(finished)
                return True
        return False

    def holds(self, number: int) -> bool:
        """Whether the crm has yet to note it."""
        return any(finished.number == number for finished in self.kept)

    def answers(self, order: str) -> Finished | None:
        """The kept answer to an order."""
        return next((f for f in self.kept if f.fact.order == order), None)

"""The operations of one resource, which stand in line: one at a time, in order of arrival."""

from __future__ import annotations

from collections import deque

from hanode.lrm.operation import Operation
from hanode.lrm.recurring import Recurring


class Line:
    def __init__(self, resource: str) -> None:
        self.resource = resource
        self.running: Operation | None = None
        self.waiting: deque[Operation] = deque()
        self.recurring: dict[tuple[str, int], Recurring] = {}

    @property
    def idle(self) -> bool:
        return self.running is None and not self.waiting

    def operations(self) -> list[Operation]:
        return [*([self.running] if self.running else []), *self.waiting]

    def due_turns(self, now: float) -> list[Recurring]:
        """Recurring monitors whose time has come; while the line is busy, it hasn't."""
        if not self.idle:
            return []
        due = [r for r in self.recurring.values() if not r.queued and r.next_at <= now]
        return sorted(due, key=lambda r: (r.next_at, r.key))

    def drop_turns(self) -> None:
        """Take the turns of recurring monitors out of the line: something matters more."""
        for operation in [o for o in self.waiting if o.recurring]:
            self.waiting.remove(operation)
            assert operation.recurring
            operation.recurring.queued = False

    def deadline(self) -> float | None:
        times = [at for o in self.operations() if (at := o.deadline()) is not None]
        if self.idle:
            times += [r.next_at for r in self.recurring.values() if not r.queued]
        return min(times, default=None)

"""All the lines of a node's resources, and which of them want attention now."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.lrm.line import Line
from hanode.lrm.operation import Operation


class Lines:
    """A line is there while something is in it, or recurs. Who changes one touches it."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._ready: dict[str, None] = {}
        """Where something waits, in the order in which it came to that."""
        self._deadlines: dict[str, float] = {}
        self._touched: dict[str, None] = {}
        self.changed = False

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines.values())

    def of(self, resource: str) -> Line:
        """The resource's line, for a change."""
        line = self._lines.get(resource)
        if line is None:
            line = self._lines[resource] = Line(resource)
        self.touch(line)
        return line

    def touch(self, line: Line) -> None:
        self._touched[line.resource] = None
        self.changed = True

    def queue(self, line: Line, operation: Operation) -> None:
        line.waiting.append(operation)
        self._ready.setdefault(line.resource)
        self.touch(line)

    def release(self, line: Line, operation: Operation) -> None:
        """What ran is over: the next in line may begin."""
        assert line.running is operation
        line.running = None
        if line.waiting:
            self._ready.setdefault(line.resource)
        self.touch(line)

    def due(self, now: float) -> list[Line]:
        """Where a deadline has come."""
        self.settle()
        return [self._lines[name] for name, at in self._deadlines.items() if at <= now]

    def ready(self) -> list[Line]:
        """Where something waits."""
        for name in [name for name in self._ready if not self._waits(name)]:
            del self._ready[name]
        return [self._lines[name] for name in self._ready]

    def settle(self) -> None:
        """Reckon anew the deadlines of what was touched; let go of lines with nothing in them."""
        for resource in self._touched:
            line = self._lines[resource]
            at = line.deadline()
            if at is None:
                self._deadlines.pop(resource, None)
            else:
                self._deadlines[resource] = at
            if line.idle and not line.recurring:
                del self._lines[resource]
        self._touched.clear()

    def deadline(self) -> float | None:
        return min(self._deadlines.values(), default=None)

    def _waits(self, name: str) -> bool:
        return name in self._lines and bool(self._lines[name].waiting)

"""What happened, in columns: one line per change that a reader would want to know of, and one
digest over everything, so that two runs can be compared."""

from __future__ import annotations

import hashlib
from collections import deque
from typing import TextIO

KEPT = 400
"""Lines that are kept for the report of a failure."""


class Trace:
    """Keeps the last lines (or prints all) and digests each step."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._lines: deque[tuple[float, str, str, str]] = deque(maxlen=KEPT)
        self._hash = hashlib.blake2b(digest_size=8)
        self._pending: list[str] = []
        self.steps = 0

    def step(self, now: float, who: str, what: str, effects: int) -> None:
        """A core took one input."""
        self.steps += 1
        self._pending.append(f"{now!r} {who} {what} {effects}")
        if len(self._pending) >= 512:
            self._flush()

    def note(self, now: float, who: str, what: str, detail: str = "") -> None:
        """Something changed that a person would want to read."""
        self._pending.append(f"{now!r} {who} {what} {detail}")
        line = (now, who, what, detail)
        self._lines.append(line)
        if self._out is not None:
            print(columns(line), file=self._out)

    def tail(self, count: int) -> list[str]:
        """The last lines, as columns."""
        return [columns(line) for line in list(self._lines)[-count:]]

    def digest(self) -> str:
        self._flush()
        return self._hash.hexdigest()

    def _flush(self) -> None:
        self._hash.update("\n".join(self._pending).encode())
        self._pending.clear()


def columns(line: tuple[float, str, str, str]) -> str:
    """`time  who  what  detail`, aligned."""
    now, who, what, detail = line
    return f"{now:10.3f}  {who:<9} {what:<12} {detail}".rstrip()

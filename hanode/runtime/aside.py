"""A log written from a thread of its own: a disk that is stuck delays nobody.

On a machine that has no thread for it, it is written at once.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque

from hanode.runtime import threads
from hanode.runtime.journal import Journal

WAITING_MAX = 1000
"""Lines that wait for the disk; later ones are dropped, then counted in the log."""
LAST_LINES_LIMIT = 1.0
"""Seconds that the log gets at the end."""


class JournalAside(Journal):
    """Takes lines at once, writes them when the disk will have them."""

    def __init__(self, process: str, descriptor: int = 2) -> None:
        super().__init__(process, descriptor)
        self._lines: deque[bytes] = deque()
        self._dropped = 0
        self._some = threading.Semaphore(0)
        self._thread: threading.Thread | None = None
        with contextlib.suppress(OSError):
            self._thread = threads.begin(self._write)

    def finish(self) -> None:
        """Write what waits, if the disk takes it now."""
        if self._thread is not None:
            self._lines.append(b"")
            self._some.release()
            self._thread.join(LAST_LINES_LIMIT)

    def _put(self, line: bytes) -> None:
        if self._thread is None:
            super()._put(line)
            return
        if len(self._lines) >= WAITING_MAX:
            self._dropped += 1
            return
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            self.warning("the disk was slow, lines are missing", lines=dropped)
        self._lines.append(line)
        self._some.release()

    def _write(self) -> None:
        while True:
            self._some.acquire()
            line = self._lines.popleft()
            if not line:
                return
            super()._put(line)

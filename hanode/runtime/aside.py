"""A log written from a thread of its own: a disk that is stuck delays no heartbeat."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

from hanode.runtime.journal import Journal

WAITING_MAX = 1000
"""Lines that wait for the disk; later ones are dropped, then counted in the log."""


class JournalAside:
    """Takes lines at once, writes them when the disk will have them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lines: deque[tuple[str, str, Mapping[str, Any]]] = deque()
        self._dropped = 0
        self._some = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def say(self, level: str, text: str, details: Mapping[str, Any]) -> None:
        if len(self._lines) >= WAITING_MAX:
            self._dropped += 1
            return
        self._lines.append((level, text, details))
        self._some.release()

    def finish(self, limit: float) -> None:
        """Write what waits, for so many seconds at most."""
        self._lines.append(("", "", {}))
        self._some.release()
        self._thread.join(limit)

    def _write(self) -> None:
        while True:
            self._some.acquire()
            level, text, details = self._lines.popleft()
            if not level:
                return
            if self._dropped:
                self._journal.warning("the disk was slow, lines are missing", lines=self._dropped)
                self._dropped = 0
            self._journal.say(level, text, details)

"""The one thread that writes the log: in order, many waiting writes in one transaction.

The event loop never waits for the disk. When a batch is durable the loop is told, and only then
does what was to follow happen. A disk that fails ends the process.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from hanode.effects import Persist
from hanode.logd import LogStore

BATCH = 64
"""Writes in one transaction."""
WAITING_MAX = 10_000
"""Writes that may wait for a slow disk; beyond, it is as good as broken."""


class Writer:
    """Takes Persist effects; gives them back, in order, once they are on disk."""

    def __init__(
        self,
        store: LogStore,
        durable: Callable[[Persist], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._store = store
        self._durable = durable
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Persist | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="log-writer", daemon=True)
        self._thread.start()

    def put(self, persist: Persist) -> None:
        """Write this after all that was put before."""
        if self._queue.qsize() >= WAITING_MAX:
            self._failed(OSError(f"{WAITING_MAX} writes wait, the disk does not keep up"))
            return
        self._queue.put(persist)

    def close(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        self._thread.join()
        self._store.close()

    def _write_all(self) -> None:
        while True:
            batch, last = self._next_batch()
            try:
                if batch:
                    self._store.write(*batch)
            except sqlite3.Error as error:
                self._loop.call_soon_threadsafe(self._failed, error)
                return
            if batch:
                self._loop.call_soon_threadsafe(self._tell, batch)
            if last:
                return

    def _next_batch(self) -> tuple[list[Persist], bool]:
        batch: list[Persist] = []
        wanted = self._queue.get()
        while wanted is not None:
            batch.append(wanted)
            if len(batch) == BATCH:
                return batch, False
            try:
                wanted = self._queue.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _tell(self, batch: list[Persist]) -> None:
        for persist in batch:
            self._durable(persist)

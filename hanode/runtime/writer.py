"""The one thread that writes the log: in order, many waiting writes in one transaction.

The event loop never waits for the disk. When a batch is durable the loop is told, and only then
does what was to follow happen. After a write that failed nothing is written any more, and nothing
follows; the disk is only tried again, when it is asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from hanode.effects import Persist, TryDisk
from hanode.runtime.log_disk import LogDisk

LOOK_EVERY = 5.0
"""Seconds without anything to write after which the disk is looked at."""
BATCH = 64
"""Writes in one transaction."""
WAITING_MAX = 10_000
"""Writes that may wait for a slow disk; beyond, it is as good as broken."""


class Writer:
    """Takes Persist effects; gives them back, in order, once they are on disk."""

    def __init__(
        self,
        disk: LogDisk,
        durable: Callable[[Persist], None],
        failed: Callable[[str], None],
        works: Callable[[], None],
    ) -> None:
        self._disk = disk
        self._durable = durable
        self._failed = failed
        self._works = works
        self._broken = disk.store is None
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Persist | TryDisk | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="log-writer", daemon=True)
        self._thread.start()

    def put(self, wanted: Persist | TryDisk) -> None:
        """Do this after all that was put before."""
        if self._broken and isinstance(wanted, Persist):
            return  # its node is about to hear why
        if self._queue.qsize() >= WAITING_MAX:
            self._broken = True
            self._failed(f"disk trouble: {WAITING_MAX} writes wait, the disk does not keep up")
            return
        self._queue.put(wanted)

    def close(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            self._serve()
        except Exception as error:  # we are wrong: that nothing is durable any more must be heard
            self._loop.call_soon_threadsafe(_raise, error)
        with contextlib.suppress(sqlite3.Error):
            self._disk.close()

    def _serve(self) -> None:
        last = False
        while not last:
            try:
                batch, tried, last = self._next_batch()
            except Empty:
                self._look()
                continue
            if batch and not self._broken:
                self._write(batch)
            if tried and self._disk.works():
                self._loop.call_soon_threadsafe(self._works)

    def _write(self, batch: list[Persist]) -> None:
        assert self._disk.store is not None, "a broken disk is given nothing"
        try:
            self._disk.store.write(*batch)
        except sqlite3.Error as error:
            self._give_up(self._disk.trouble(error))
        else:
            self._loop.call_soon_threadsafe(self._tell, batch)

    def _look(self) -> None:
        """In a quiet time: the first to find a full disk must not be who has a node to replace."""
        if not self._broken and (why := self._disk.shortage()):
            self._give_up(why)

    def _give_up(self, why: str) -> None:
        self._broken = True
        self._loop.call_soon_threadsafe(self._failed, why)
        with contextlib.suppress(sqlite3.Error):
            self._disk.close()

    def _next_batch(self) -> tuple[list[Persist], bool, bool]:
        """Writes; whether the disk is to be tried after them; whether all is over then. Raises
        queue.Empty if there is nothing to do for long."""
        batch: list[Persist] = []
        wanted = self._queue.get(timeout=LOOK_EVERY)
        while isinstance(wanted, Persist):
            batch.append(wanted)
            if len(batch) == BATCH:
                return batch, False, False
            try:
                wanted = self._queue.get_nowait()
            except Empty:
                return batch, False, False
        return batch, wanted is not None, wanted is None

    def _tell(self, batch: list[Persist]) -> None:
        for persist in batch:
            self._durable(persist)


def _raise(error: Exception) -> None:
    raise error

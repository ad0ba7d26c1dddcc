"""The crm's connections to the node's other processes, made again whenever they break."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hanode.inputs import LocalSaid, PartDown, PartUp
from hanode.runtime import tasks
from hanode.runtime.journal import Journal
from hanode.runtime.local_line import LocalLine

AGAIN = 0.05
"""Seconds between two attempts; the other process takes some 100 ms to start."""


class PartLine:
    """Keeps one Unix socket connected: PartUp, what it says, PartDown, and again."""

    def __init__(
        self, part: str, path: Path, feed: Callable[[Any], None], journal: Journal
    ) -> None:
        self._part = part
        self._path = path
        self._feed = feed
        self._journal = journal
        self._line: LocalLine | None = None
        self._over = asyncio.Event()

    def start(self) -> asyncio.Task[None]:
        return tasks.start(self._keep_connected())

    def send(self, message: Any) -> None:
        """Tell the part; lost when it is away (it hears all anew when it is back)."""
        if self._line is not None:
            self._line.send(message)

    async def _keep_connected(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._over.clear()
            try:
                await loop.create_unix_connection(self._line_anew, str(self._path))
                await self._over.wait()
            except OSError:
                pass  # It is not there yet: it starts, or starts again.
            await asyncio.sleep(AGAIN)

    def _line_anew(self) -> LocalLine:
        return LocalLine(self._opened, self._said, self._lost)

    def _opened(self, line: LocalLine) -> None:
        self._line = line
        self._journal.info("connected", part=self._part)
        self._feed(PartUp(self._part))

    def _said(self, message: Any) -> None:
        self._feed(LocalSaid(message, self._part))

    def _lost(self, reason: str) -> None:
        self._line = None
        self._journal.warning("disconnected", part=self._part, why=reason)
        self._feed(PartDown(self._part))
        self._over.set()

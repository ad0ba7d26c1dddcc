"""The crm's connections to the node's other processes, made again whenever they break."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from hanode.codec import LIMIT, Garbled
from hanode.inputs import LocalSaid, PartDown, PartUp
from hanode.messages import LOCAL
from hanode.runtime import tasks
from hanode.runtime.journal import Journal
from hanode.runtime.lines import Line, Wire

AGAIN = 0.05
"""Seconds between two attempts; the other process takes some 100 ms to start."""
BACKLOG_MAX = 2 * LIMIT


class PartLine(asyncio.Protocol):
    """Keeps one Unix socket connected: PartUp, what it says, PartDown, and again."""

    def __init__(
        self, part: str, path: Path, feed: Callable[[Any], None], journal: Journal
    ) -> None:
        self._part = part
        self._path = path
        self._feed = feed
        self._journal = journal
        self._line: Line | None = None
        self._over = asyncio.Event()

    def start(self) -> asyncio.Task[None]:
        return tasks.start(self._keep_connected())

    def send(self, message: Any) -> None:
        """Tell the part; lost when it is away (it hears all anew when it is back)."""
        if self._line is not None:
            self._line.send(LOCAL.pack(message))

    async def _keep_connected(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._over.clear()
            try:
                await loop.create_unix_connection(lambda: self, str(self._path))
                await self._over.wait()
            except OSError:
                pass  # It is not there yet: it starts, or starts again.
            await asyncio.sleep(AGAIN)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = Line(cast(Wire, transport), self._said, self._lost, LIMIT, BACKLOG_MAX)
        self._journal.info("connected", part=self._part)
        self._feed(PartUp(self._part))

    def data_received(self, data: bytes) -> None:
        if self._line is not None:
            self._line.received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._line is not None:
            self._line.gone(str(error) if error else "it is gone")

    def _said(self, body: bytes) -> None:
        try:
            message = LOCAL.unpack(body)
        except Garbled as error:
            self._journal.error("our own process speaks nonsense", part=self._part, what=error)
            if self._line is not None:
                self._line.end(str(error), hard=True)
            return
        self._feed(LocalSaid(message, self._part))

    def _lost(self, reason: str) -> None:
        self._line = None
        self._journal.warning("disconnected", part=self._part, why=reason)
        self._feed(PartDown(self._part))
        self._over.set()

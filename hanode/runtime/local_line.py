"""Messages between a node's own processes, over one Unix socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from hanode.codec import LIMIT, Garbled
from hanode.local_messages import LOCAL
from hanode.runtime.lines import Line, Wire

BACKLOG_MAX = 2 * LIMIT


class LocalLine(asyncio.Protocol):
    """`opened` is told once, `said` each message, `lost` once with the reason."""

    def __init__(
        self,
        opened: Callable[[LocalLine], None],
        said: Callable[[Any], None],
        lost: Callable[[str], None],
    ) -> None:
        self._opened = opened
        self._said = said
        self._lost = lost
        self._line: Line | None = None

    def send(self, message: Any) -> None:
        """Tell the other end; lost when it is away."""
        if self._line is not None:
            self._line.send(LOCAL.pack(message))

    def end(self, reason: str) -> None:
        if self._line is not None:
            self._line.end(reason, hard=True)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = Line(cast(Wire, transport), self._take, self._over, LIMIT, BACKLOG_MAX)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        if self._line is not None:
            self._line.received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._line is not None:
            self._line.gone(str(error) if error else "it is gone")

    def _take(self, body: bytes) -> None:
        try:
            message = LOCAL.unpack(body)
        except Garbled as error:
            self.end(f"our own process speaks nonsense: {error}")
            return
        self._said(message)

    def _over(self, reason: str) -> None:
        self._line = None
        self._lost(reason)

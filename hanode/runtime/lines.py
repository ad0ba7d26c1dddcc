"""A line: one connection that carries frames, `length (4 bytes, big-endian) || bytes`.

Fair on the way in: one frame for each turn of the loop, reading stops while frames wait, so that no
flood holds the node. Bounded on the way out: who does not read is cut off, never waited for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from hanode.runtime.frames import BadFrame, Frames, frame

WAITING_MAX = 32
"""Frames that may wait to be taken in before reading stops."""


class Wire(Protocol):
    """What a line needs of its transport; asyncio's and asyncssh's both have it."""

    def write(self, data: bytes) -> None: ...
    def get_write_buffer_size(self) -> int: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


class Line:
    """One connection, its frames taken in one by one.

    `take` is told each frame; `lost` is told once, with the reason, when the line is over.
    """

    def __init__(
        self,
        wire: Wire,
        take: Callable[[bytes], None],
        lost: Callable[[str], None],
        limit_in: int,
        limit_out: int,
    ) -> None:
        self._wire = wire
        self._take = take
        self._lost: Callable[[str], None] | None = lost
        self._frames = Frames(limit_in)
        self._limit_out = limit_out
        self._longest = 0
        """Who was sent so much at once may have as much still to read."""
        self._waiting: deque[bytes] = deque()
        self._paused = False
        self._loop = asyncio.get_running_loop()
        self._scheduled = False

    @property
    def open(self) -> bool:
        return self._lost is not None

    @property
    def backlog(self) -> int:
        """Bytes that the other end has not taken yet."""
        return self._wire.get_write_buffer_size()

    def send(self, body: bytes) -> bool:
        """Say it; False when the line is over (perhaps by this: it lags too far behind)."""
        if not self.open:
            return False
        if self.backlog > max(self._limit_out, 2 * self._longest):
            self.end("does not read what it is sent", hard=True)
            return False
        self._longest = max(self._longest, len(body))
        try:
            self._wire.write(frame(body))
        except OSError as error:
            self.end(str(error), hard=True)
            return False
        return True

    def received(self, data: bytes) -> None:
        """The transport's bytes."""
        if not self.open:
            return
        try:
            self._waiting.extend(self._frames.feed(data))
        except BadFrame as error:
            self.end(str(error), hard=True)
            return
        if len(self._waiting) > WAITING_MAX and not self._paused:
            self._paused = True
            self._wire.pause_reading()
        self._schedule()

    def gone(self, reason: str) -> None:
        """The transport is over; what came before that is still taken in."""
        while self._waiting and self.open:
            self._take(self._waiting.popleft())
        self._finish(reason)

    def end(self, reason: str, hard: bool = False) -> None:
        """End the line from here: after what was said, or (hard) at once."""
        if not self.open:
            return
        self._waiting.clear()
        if hard:
            self._wire.abort()
        else:
            self._wire.close()
        self._finish(reason)

    def _finish(self, reason: str) -> None:
        lost, self._lost = self._lost, None
        if lost is not None:
            lost(reason)

    def _schedule(self) -> None:
        if self._waiting and not self._scheduled and self.open:
            self._scheduled = True
            self._loop.call_soon(self._take_one)

    def _take_one(self) -> None:
        self._scheduled = False
        if not self._waiting or not self.open:
            return
        self._take(self._waiting.popleft())
        if self._paused and not self._waiting and self.open:
            self._paused = False
            self._wire.resume_reading()
        self._schedule()

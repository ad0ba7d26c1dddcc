"""A command at the far end of an SSH connection: over when its first process is.

What that began may hold the pipes open as long as it likes; sshd keeps the channel as long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from hanode.runtime.sshlib import asyncssh

LAST_WORDS = 1.0
"""Seconds in which what was said before the end has come, though the pipes stay open."""


class FarProcess(asyncssh.SSHClientProcess[bytes]):
    def __init__(self) -> None:
        super().__init__()
        self._first_is_over = False
        self._hearing: asyncio.Timeout | None = None

    def exit_status_received(self, status: int) -> None:
        self._ended()

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:
        self._ended()

    async def hear_out(self, reading: Awaitable[object]) -> None:
        """Let it be read to its end, then wait until the channel is closed."""
        try:
            async with asyncio.timeout(None) as self._hearing:
                if self._first_is_over:
                    self._ended()
                await reading
        except TimeoutError:
            self.close()
        finally:
            self._hearing = None
        await self.wait_closed()

    def _ended(self) -> None:
        self._first_is_over = True
        if self._hearing is not None:
            self._hearing.reschedule(asyncio.get_running_loop().time() + LAST_WORDS)

"""Tasks that nobody waits for, whose failure is nevertheless not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

_running: set[asyncio.Task[None]] = set()


def start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run it; an exception of it goes to the loop's exception handler, which ends the process."""
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_done)
    return task


def _done(task: asyncio.Task[None]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        context = {"message": "a task failed", "exception": error, "task": task}
        task.get_loop().call_exception_handler(context)

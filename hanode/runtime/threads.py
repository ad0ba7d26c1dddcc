"""Threads on a machine that may have no more of them: one that can't begin is an OSError.

As it is for processes: whoever begins one knows already what to do without. Python says it as a
RuntimeError, which nobody expects of a machine, and which would end a node.
"""

from __future__ import annotations

import asyncio
import errno
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


def begin(work: Callable[[], None]) -> threading.Thread:
    """A thread that keeps no process from ending. Raises OSError."""
    thread = threading.Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        raise _none(error) from None
    return thread


def spare(loop: asyncio.AbstractEventLoop) -> None:
    """What this loop does in threads fails with an OSError where there are none; and it needs none
    to hear of a child's end."""
    loop.set_default_executor(_Pool())
    if sys.version_info < (3, 12):  # later ones do so of themselves
        # A child that is left over dies with us; that nobody hears of it is no news then.
        warnings.filterwarnings("ignore", "A loop is being detached", RuntimeWarning)
        watcher = asyncio.PidfdChildWatcher()
        watcher.attach_loop(loop)
        asyncio.set_child_watcher(watcher)


class _Pool(ThreadPoolExecutor):
    def submit(self, *given: Any, **more: Any) -> Future[Any]:
        try:
            return super().submit(*given, **more)
        except RuntimeError as error:
            raise _none(error) from None


def _none(error: RuntimeError) -> OSError:
    return OSError(errno.EAGAIN, str(error))

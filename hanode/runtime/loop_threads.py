"""The threads of an event loop: where the machine has none left, what needs one gets an OSError."""

from __future__ import annotations

import asyncio
import sys
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from hanode.runtime.threads import none_left


def spare(loop: asyncio.AbstractEventLoop) -> None:
    """It does with few, and needs none to hear of a child's end."""
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
            raise none_left(error) from None

"""Exceptions that nobody caught: ours end the process, a library's are said and survived.

A process of ours that has been wrong once can't trust its state; it ends, and is started again from
the disk. But a stranger who makes a library stumble over one connection must not end a node.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from hanode.runtime import threads
from hanode.runtime.dead_man import DeadMan
from hanode.runtime.journal import Journal

LAST_WORDS = 5.0
"""Seconds in which a process that is wrong says so; a disk that hangs keeps nobody any longer."""


class Recorder(Protocol):
    """What remembers how it came to that."""

    def write(self, error: BaseException) -> Path | None: ...


def watch(loop: asyncio.AbstractEventLoop, journal: Journal) -> None:
    """Have the loop report here."""

    def report(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        journal.error("internal error", what=context.get("message"), error=repr(error))
        if error is not None and is_ours(error.__traceback__):
            end_wrong(journal, error)

    loop.set_exception_handler(report)


def end_wrong(journal: Journal, error: BaseException, recorder: Recorder | None = None) -> None:
    """We are wrong: say so, and end at once. Never returns."""
    DeadMan(LAST_WORDS).press()
    if recorder is not None:
        journal.error("a step failed", flight_record=recorder.write(error))
    journal.error("ends: it can't trust itself any longer")
    journal.finish()
    sys.excepthook(type(error), error, error.__traceback__)
    sys.stderr.flush()
    os._exit(os.EX_SOFTWARE)


def end_within(seconds: float, code: int) -> None:
    """This process ends; with this code it does so though one of its threads is held up."""

    def end() -> None:
        time.sleep(seconds)
        os._exit(code)

    try:
        threads.begin(end)
    except OSError:  # without a code, then
        DeadMan(seconds).press()


def is_ours(traceback: TracebackType | None) -> bool:
    """Whether code of ours had a hand in it."""
    while traceback is not None:
        if traceback.tb_frame.f_globals.get("__name__", "").split(".")[0] in ("hanode", "__main__"):
            return True
        traceback = traceback.tb_next
    return False

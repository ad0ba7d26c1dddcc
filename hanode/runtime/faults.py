"""Exceptions that nobody caught: ours end the process, a library's are said and survived.

A process of ours that has been wrong once can't trust its state; it ends, and is started again from
the disk. But a stranger who makes a library stumble over one connection must not end a node.
"""

from __future__ import annotations

import asyncio
import os
import sys
from types import TracebackType
from typing import Any

from hanode.runtime.journal import Journal, last_words


def watch(loop: asyncio.AbstractEventLoop, process: str, journal: Journal) -> None:
    """Have the loop report here."""

    def report(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        journal.error("internal error", what=context.get("message"), error=repr(error))
        if error is not None and is_ours(error.__traceback__):
            end_wrong(process, error)

    loop.set_exception_handler(report)


def end_wrong(process: str, error: BaseException) -> None:
    """We are wrong: say so, and end at once."""
    sys.excepthook(type(error), error, error.__traceback__)
    last_words(process, "ends: it can't trust itself any longer", os.EX_SOFTWARE)


def is_ours(traceback: TracebackType | None) -> bool:
    """Whether code of ours had a hand in it."""
    while traceback is not None:
        if traceback.tb_frame.f_globals.get("__name__", "").split(".")[0] in ("hanode", "__main__"):
            return True
        traceback = traceback.tb_next
    return False

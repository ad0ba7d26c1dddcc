"""The signals that end a process, as a descriptor that its loop can wait for."""

from __future__ import annotations

import os
import signal

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def ending() -> int:
    """It can be read once one of them came; of the main thread only."""
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writer)
    for number in ENDING:
        signal.signal(number, lambda *_: None)
    return reader

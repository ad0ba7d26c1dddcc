"""How a part of a node is told to end: by SIGTERM, which waits until the part can heed it.

A part begins with SIGTERM blocked, so that a wish to leave never kills a crm that is importing, nor
a heartbeat whose watchdog is armed. What a terminal sends to its whole group (Ctrl-C, or that it is
closed) is for the supervisor to understand.
"""

from __future__ import annotations

import os
import signal

FROM_A_TERMINAL = (signal.SIGINT, signal.SIGHUP)


def wait_to_be_heeded() -> None:
    """In the child, before exec: the state in which a part begins."""
    for number in FROM_A_TERMINAL:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGTERM})


def heed() -> None:
    """Whatever stands for SIGTERM, stands: it may come."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def ending() -> int:
    """A descriptor that can be read once this part is told to end; of the main thread only."""
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writer)
    signal.signal(signal.SIGTERM, lambda *_: None)
    heed()
    return reader

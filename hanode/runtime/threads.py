"""Threads on a machine that may have no more of them: one that can't begin is an OSError.

As it is for processes: whoever begins one knows already what to do without. Python says it as a
RuntimeError, which nobody expects of a machine, and which would end a node.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable


def begin(work: Callable[[], None]) -> threading.Thread:
    """A thread that keeps no process from ending. Raises OSError."""
    thread = threading.Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        raise none_left(error) from None
    return thread


def none_left(error: RuntimeError) -> OSError:
    """What Python says of it, as the machine says it of processes."""
    return OSError(errno.EAGAIN, str(error))

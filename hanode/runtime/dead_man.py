"""A loop that does not come round any more is ended by the kernel; its supervisor begins it anew.

The kernel's own timer (setitimer(2)), so that nothing that hangs the loop can hang this; what
waits for a disk for good, uninterruptibly, ends with it.
"""

from __future__ import annotations

import signal


class DeadMan:
    """To be pressed in every turn."""

    def __init__(self, limit: float) -> None:
        """`limit`: seconds that a turn may take. Its process dies of SIGALRM."""
        self._limit = limit
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def press(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, self._limit)

"""Child processes of the LRM's own, waited for beside all else that it does."""

from __future__ import annotations

import os
import select
from collections.abc import Callable


class Children:
    """All at work; each has somebody who is told its exit status."""

    def __init__(self, epoll: select.epoll) -> None:
        self._epoll = epoll
        self._at_work: dict[int, tuple[int, Callable[[int], None]]] = {}
        """By pidfd: process id, and whom to tell."""

    def watch(self, pid: int, then: Callable[[int], None]) -> None:
        """Tell `then` once it has ended. OSError: there is no descriptor left to wait with."""
        descriptor = os.pidfd_open(pid)
        self._at_work[descriptor] = pid, then
        self._epoll.register(descriptor, select.EPOLLIN)

    def ready(self, descriptor: int) -> bool:
        """One has ended. False: the descriptor is none of theirs."""
        if descriptor not in self._at_work:
            return False
        pid, then = self._at_work.pop(descriptor)
        self._epoll.unregister(descriptor)
        os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        then(os.waitstatus_to_exitcode(status))
        return True

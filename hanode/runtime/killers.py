"""Ends processes in a child of its own: who can't die just now, for a disk that hangs, holds up
neither this process nor the end of others."""

from __future__ import annotations

import os
import select
from collections.abc import Callable

from hanode.runtime.lifeline import die_with_parent


class Killers:
    """All that are at it; each tells how many it has ended."""

    def __init__(self, epoll: select.epoll) -> None:
        self._epoll = epoll
        self._at_work: dict[int, tuple[int, Callable[[int], None]]] = {}
        """By pidfd: process id, and whom to tell."""

    def begin(self, kill: Callable[[], int], then: Callable[[int], None]) -> None:
        """Have it done; at once and here, where no process can be had for it."""
        try:
            pid = _fork(kill)
        except OSError:
            then(kill())
            return
        try:
            descriptor = os.pidfd_open(pid)
        except OSError:  # no descriptor left to wait with
            os.waitpid(pid, 0)
            then(0)
            return
        self._at_work[descriptor] = pid, then
        self._epoll.register(descriptor, select.EPOLLIN)

    def ready(self, descriptor: int) -> bool:
        """One may be done. False: the descriptor is none of theirs."""
        if descriptor not in self._at_work:
            return False
        pid, then = self._at_work.pop(descriptor)
        self._epoll.unregister(descriptor)
        os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        then(max(0, os.waitstatus_to_exitcode(status)))
        return True


def _fork(kill: Callable[[], int]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            die_with_parent(parent)  # what a later life has begun is none of its business
            os.closerange(0, os.sysconf("SC_OPEN_MAX"))  # a connection ends with its owner
            os._exit(min(kill(), 255))
        finally:
            os._exit(0)
    return pid

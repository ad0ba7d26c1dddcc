"""Ends processes in a child of its own: who can't die just now, for a disk that hangs, holds up
neither this process nor the end of others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

from hanode.effects import Spawn
from hanode.runtime import marked
from hanode.runtime.children import Children
from hanode.runtime.lifeline import die_with_parent


class Killers:
    """All that are at it. While all of a resource is being killed, its agents wait, and nobody
    else's do."""

    def __init__(self, children: Children, run_dir: str) -> None:
        self._children = children
        self._run_dir = run_dir
        self._killing: Counter[str] = Counter()
        """By the mark of a resource of which all is being killed: how many are at that."""
        self._held: list[Spawn] = []
        """Its agents, who wait for the end of that."""

    def kill_operation(self, mark: str, pid: int, then: Callable[[int], None]) -> None:
        """`then` is told how many processes were ended."""
        self._begin(lambda: marked.kill_operation(mark, pid), then)

    def kill_resource(self, resource: str, then: Callable[[int, list[Spawn]], None]) -> None:
        """`then` is told how many processes were ended, and whose turn it is now."""
        mark = f"{self._run_dir}:{resource}"

        def over(ended: int) -> None:
            self._killing[mark] -= 1
            then(ended, self._let_go(mark))

        self._killing[mark] += 1
        self._begin(lambda: marked.kill_resource(mark), over)

    def hold(self, effect: Spawn) -> bool:
        """Whether it must wait, and does now."""
        waits = effect.env.get("HANODE_RESOURCE", "") in self._killing
        if waits:
            self._held.append(effect)
        return waits

    def drop(self, token: int) -> bool:
        """Whether it waited; it does no more."""
        left = [one for one in self._held if one.token != token]
        waited = len(left) < len(self._held)
        self._held = left
        return waited

    def _let_go(self, mark: str) -> list[Spawn]:
        if self._killing[mark]:
            return []
        del self._killing[mark]
        free = [one for one in self._held if one.env["HANODE_RESOURCE"] == mark]
        self._held = [one for one in self._held if one not in free]
        return free

    def _begin(self, kill: Callable[[], int], then: Callable[[int], None]) -> None:
        """Have it done; at once and here, where no process can be had for it."""
        try:
            pid = _fork(kill)
        except OSError:
            then(kill())
            return
        try:
            self._children.watch(pid, lambda code: then(max(0, code)))
        except OSError:
            os.waitpid(pid, 0)
            then(0)


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

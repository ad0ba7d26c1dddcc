"""All that descends from this process, however it tried to leave home.

A child subreaper inherits every orphan below it, whatever session, process group or environment
that orphan gave itself. So a subreaper without children is a subreaper without descendants, and
the kernel's ECHILD is the proof that nothing is left.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Make this process the subreaper of all that it will ever start."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def reap() -> bool:
    """Collect the children that have ended; whether any child is left, running or not."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True


def descendants(spare: frozenset[int] = frozenset()) -> list[int]:
    """Everybody below this process, parents before their children; not `spare`, nor below it."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    queue = [os.getpid()]
    while queue:
        born = [pid for pid in children.get(queue.pop(0), ()) if pid not in spare]
        found += born
        queue += born
    return found


def end_all(limit: float) -> int:
    """SIGKILL every descendant; how many are left when all are gone or `limit` seconds are over."""
    until = time.monotonic() + limit
    while reap():
        for pid in descendants():
            _kill(pid)
        if not _gone_within(0.02) and time.monotonic() > until:
            return len(descendants())
    return 0


def end_strangers(spare: frozenset[int], limit: float) -> int:
    """The same, but `spare` and their families live on."""
    until = time.monotonic() + limit
    while (left := descendants(spare)) and time.monotonic() < until:
        for pid in left:
            _kill(pid)
        time.sleep(0.001)
        reap()
    return len(left)


def _gone_within(seconds: float) -> bool:
    """Whether the last child was reaped within so long; forks that outran a scan need another."""
    until = time.monotonic() + seconds
    while reap():
        if time.monotonic() > until:
            return False
        time.sleep(0.0005)
    return True


def _parents() -> list[tuple[int, int]]:
    """(pid, parent's pid) of every process that can be seen."""
    pairs = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    stat = file.read()
            except OSError:  # it ended meanwhile
                continue
            # The command's name stands in parentheses and may itself contain some.
            pairs.append((int(name), int(stat[stat.rindex(b")") + 1 :].split()[1])))
    return pairs


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)

"""Finds processes by the marks that the LRM put into their environment.

A service inherits the environment of the agent that started it, so the mark HANODE_RESOURCE tells
whose it is when every parent is gone; HANODE_OPERATION tells which call of which agent it was.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterator

PASSES = 5
"""Scans until nothing is found: a process that is being ended may just have forked."""
PATIENCE = 2.0
"""Seconds for killed processes to be gone."""


def kill_resource(value: str) -> int:
    """End everything that bears this HANODE_RESOURCE. How many there were."""
    ended = 0
    for _ in range(PASSES):
        found = list(_bearing("HANODE_RESOURCE", value))
        if not found:
            break
        ended += len(found)
        _end(found)
    return ended


def kill_operation(mark: str, pid: int) -> int:
    """End an agent and its group (not the services that it started). How many processes."""
    found = [
        other for other in _bearing("HANODE_OPERATION", mark) if pid == 0 or _group(other) == pid
    ]
    _end(found)
    return len(found)


def _bearing(name: str, value: str) -> Iterator[int]:
    wanted = b"\0" + f"{name}={value}".encode() + b"\0"
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid() and wanted in _environment(entry):
            yield int(entry)


def _environment(pid: str) -> bytes:
    """Nothing, where the process is gone (a corpse too) or another user's."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return b"\0" + file.read() + b"\0"
    except OSError:
        return b""


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


def _end(pids: list[int]) -> None:
    """SIGKILL, and wait until they are gone."""
    poll, open_ = select.poll(), []
    for pid in pids:
        try:
            descriptor = os.pidfd_open(pid)
        except OSError:
            continue
        open_.append(descriptor)
        poll.register(descriptor, select.POLLIN)
        try:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    until, left = time.monotonic() + PATIENCE, set(open_)
    while left and (wait := until - time.monotonic()) > 0:
        for descriptor, _ in poll.poll(wait * 1000):
            poll.unregister(descriptor)
            left.discard(descriptor)
    for descriptor in open_:
        os.close(descriptor)

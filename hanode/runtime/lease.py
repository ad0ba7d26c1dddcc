"""The quorum lease between two processes of a node: a few bytes of shared memory.

Heartbeat writes until when this node may start things, in seconds of the monotonic clock; the LRM
reads it just before each start and promote. Eight aligned bytes are written and read whole. The
machine's boot id stands behind them: a monotonic clock begins anew with the machine, so a lease
that a former boot of it left behind in a file says nothing.
"""

from __future__ import annotations

import mmap
import os
import struct
import time
from pathlib import Path

_FORM = struct.Struct("d36s")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def machine_boot() -> bytes:
    """Another one after each start of this machine; of no machine, where the kernel has none."""
    try:
        return _BOOT_ID.read_bytes().strip()[:36]
    except OSError:
        return b"unknown"


class LeaseWriter:
    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.fchmod(descriptor, 0o644)  # the crm and the remote process may run as another user
            # Where there is no room for it, that is an error now, not a signal as it is written.
            os.posix_fallocate(descriptor, 0, _FORM.size)
            self._memory = mmap.mmap(descriptor, _FORM.size)
        finally:
            os.close(descriptor)
        _FORM.pack_into(self._memory, 0, 0.0, machine_boot())
        # Not struct's pack_into: that clears the place first, and who reads then sees no lease.
        self._until = memoryview(self._memory)[: struct.calcsize("d")].cast("d")

    def publish(self, until: float) -> None:
        """This node may act until then; 0: it may not."""
        self._until[0] = until


class LeaseReader:
    """Reads what a LeaseWriter of the same path publishes; 0 while there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._boot = machine_boot()
        self._memory: mmap.mmap | None = None

    def until(self) -> float:
        until = self._read()
        if until > time.monotonic():
            return until
        self._memory = self._map()  # it is over; or another file has taken this one's place
        return self._read()

    def _read(self) -> float:
        if self._memory is None:
            return 0.0
        until, boot = _FORM.unpack_from(self._memory)
        return float(until) if boot.rstrip(b"\0") == self._boot else 0.0

    def _map(self) -> mmap.mmap | None:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None  # heartbeat hasn't begun: no lease
        try:
            if os.fstat(descriptor).st_size < _FORM.size:
                return None
            return mmap.mmap(descriptor, _FORM.size, prot=mmap.PROT_READ)
        finally:
            os.close(descriptor)

"""The quorum lease between two processes of a node: eight bytes of shared memory.

Heartbeat writes until when this node may start things, in seconds of the monotonic clock; the LRM
reads it just before each start and promote. Eight aligned bytes are written and read whole.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

_FORM = struct.Struct("d")


class LeaseWriter:
    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.ftruncate(descriptor, _FORM.size)
            self._memory = mmap.mmap(descriptor, _FORM.size)
        finally:
            os.close(descriptor)
        self.publish(0.0)  # what an earlier life wrote may be of another boot's clock

    def publish(self, until: float) -> None:
        """This node may act until then; 0: it may not."""
        _FORM.pack_into(self._memory, 0, until)


class LeaseReader:
    """Reads what a LeaseWriter of the same path publishes; 0 while there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._memory: mmap.mmap | None = None

    def until(self) -> float:
        if self._memory is None:
            self._memory = self._map()
        return float(_FORM.unpack_from(self._memory)[0]) if self._memory else 0.0

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

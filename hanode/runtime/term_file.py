"""The highest term that an LRM has seen, on disk in a file that never grows.

Two slots are written in turn, each with its checksum: a torn write costs the newer one only. The
write is done by a child process, since a disk that hangs must hang nobody who has stops to do.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from pathlib import Path

from hanode.runtime.trusted import sync_folder

SLOT = 512
_FORM = struct.Struct(">4sQQQ")
_MAGIC = b"hanT"


class TermFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self.term = 0
        self.trouble = ""
        """Why the file can't be used, if so."""
        self._descriptor = self._open()

    def write(self, term: int, boot: int) -> int:
        """Begin a write; the process id of the child that exits with 0 once it is on disk."""
        self._count += 1
        record = _FORM.pack(_MAGIC, self._count, term, boot)
        data = record + zlib.crc32(record).to_bytes(4, "big")
        pid = os.fork()
        if pid == 0:
            try:
                _close_all_but(self._descriptor)
                os.pwrite(self._descriptor, data, SLOT * (self._count % 2))
                os.fsync(self._descriptor)
                os._exit(0)
            finally:
                os._exit(1)
        return pid

    def _open(self) -> int:
        """A descriptor, preallocated; -1 where that fails, and every write will."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            return self._read_only(error)
        try:
            os.posix_fallocate(descriptor, 0, 2 * SLOT)
            os.fsync(descriptor)
            sync_folder(self._path.parent)
        except OSError as error:
            self.trouble = f"{self._path}: {error.strerror}"
        try:
            self._read(os.pread(descriptor, 2 * SLOT, 0))
        except OSError as error:
            os.close(descriptor)
            return self._read_only(error)
        return descriptor

    def _read_only(self, error: OSError) -> int:
        self.trouble = f"{self._path}: {error.strerror}"
        with contextlib.suppress(OSError):  # it knows no term then, and can take none
            if self._path.is_file():
                self._read(self._path.read_bytes())
        return -1

    def _read(self, data: bytes) -> None:
        for start in (0, SLOT):
            record = data[start : start + _FORM.size]
            check = data[start + _FORM.size : start + _FORM.size + 4]
            if len(check) < 4 or zlib.crc32(record).to_bytes(4, "big") != check:
                continue
            magic, count, term, _boot = _FORM.unpack(record)
            if magic == _MAGIC and count > self._count:
                self._count, self.term = count, term


def _close_all_but(descriptor: int) -> None:
    """While a write hangs, its process holds up nothing else: a connection ends with the LRM."""
    os.closerange(0, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))

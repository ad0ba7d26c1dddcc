"""The place of the log on this machine's disk: opened, or only read where it can't be written.

SQLite can't open a log on a disk that takes no writes, so the files are copied into the run folder
and read there. Whoever only has such a copy goes on with what it knew, and writes nothing.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import IO

from hanode.effects import Saved
from hanode.logd import LogCorrupt, LogStore

ROOM = 1 << 20
"""Bytes that must be free before a full disk counts as mended: else it is full at once again."""
LEAST = 1 << 18
"""Bytes that must be free: with less, it is a matter of minutes."""
FILES = ("", "-wal")
"""What SQLite keeps of a log, after its name; the rest it makes anew."""


class LogDisk:
    """One node's. `store` is None where the disk takes no writes; `saved.trouble` says why."""

    def __init__(self, path: Path, run: Path) -> None:
        """Raises LogCorrupt; sqlite3.Error or OSError if it can't even be read."""
        self._path = path
        self.store: LogStore | None = None
        self._sample: IO[bytes] | None = None
        try:
            self.store = LogStore.open(path)
            self._sample = tempfile.TemporaryFile(dir=path.parent, buffering=0)  # noqa: SIM115 - kept
            self.saved = self.store.load()
        except (sqlite3.Error, OSError) as error:
            if not path.is_file():
                raise
            self.close()  # it could be opened, yet not be read
            self.saved = replace(_read_copy(path, run), trouble=self.trouble(error))

    def trouble(self, error: Exception) -> str:
        """What is wrong, in words that tell an operator what to do."""
        return self.shortage(ROOM) or f"disk trouble: {self._path}: {error}"

    def shortage(self, least: int = LEAST) -> str:
        """Why nothing can be written there soon, though nothing has failed yet; empty if it can."""
        folder = self._path.parent
        try:
            found = os.statvfs(folder)
        except OSError as error:
            return f"disk trouble: {folder}: {error.strerror}"
        if found.f_flag & os.ST_RDONLY:
            return f"disk read-only: {folder}"
        if found.f_bavail * found.f_frsize < least:
            return f"disk full: {folder}"
        if found.f_files and not found.f_favail:
            return f"disk full: {folder} has no inodes left"
        return self._refusal(folder)

    def _refusal(self, folder: Path) -> str:
        """A kernel that has seen an error takes no more writes, and need not tell statvfs(3): it is
        asked by one of no bytes, which costs the disk nothing."""
        try:
            if self._sample is not None:
                self._sample.write(b"")
        except OSError as error:
            if error.errno != errno.EROFS:
                return f"disk trouble: {folder}: {error.strerror}"
            return f"disk read-only: {folder}"
        return ""

    def close(self) -> None:
        """For good, or until it works again."""
        store, self.store = self.store, None
        sample, self._sample = self._sample, None
        if sample is not None:
            sample.close()
        if store is not None:
            store.close()

    def works(self) -> bool:
        """Whether a log can be written there again (and there is room for a while)."""
        try:
            with tempfile.TemporaryFile(dir=self._path.parent) as file:
                file.write(bytes(ROOM))
                file.flush()
                os.fsync(file.fileno())
            store = LogStore.open(self._path)
            try:
                store.write_again()
            finally:
                store.close()
        except (sqlite3.Error, OSError):
            return False
        except LogCorrupt:
            pass  # whoever starts anew says it, and what to do
        return True


def _read_copy(path: Path, run: Path) -> Saved:
    with tempfile.TemporaryDirectory(dir=run, prefix="log-") as folder:
        for ending in FILES:
            source = path.with_name(path.name + ending)
            if source.is_file():
                shutil.copyfile(source, Path(folder) / source.name)
        store = LogStore.open(Path(folder) / path.name)
        try:
            return store.load()
        finally:
            store.close()

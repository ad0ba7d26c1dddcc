"""The LRM's operation table, in a file: for the next life of the process, not of the machine."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from hanode.runtime.journal import Journal

FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


class KeptTable:
    def __init__(self, path: Path, journal: Journal) -> None:
        self._path = path
        self._journal = journal
        self._kept = True
        """Whether the last write of it succeeded: a full disk is told of once."""

    def read(self) -> bytes:
        """Of the life before; nothing, if there is none or it can't be read."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            self._journal.error("the operation table can't be read", why=error.strerror)
            return b""

    def write(self, data: bytes) -> None:
        """No fsync: a machine that begins anew has nothing left to know of."""
        draft = self._path.with_suffix(".new")
        try:
            with os.fdopen(os.open(draft, FLAGS, 0o600), "wb") as file:
                file.write(data)
            draft.replace(self._path)
        except OSError as error:
            if self._kept:
                self._journal.error("the operation table can't be kept", why=error.strerror)
            self._kept = False
            self._overwrite(data)
        else:
            if not self._kept:
                self._journal.info("the operation table is kept again")
            self._kept = True

    def _overwrite(self, data: bytes) -> None:
        """Even on a full disk there is room where the last one stands. Where there is not, none is
        better than that one: what was under way then would be done again, whatever came of it."""
        try:
            with self._path.open("r+b") as file:
                file.write(data)
                file.truncate()
        except OSError:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

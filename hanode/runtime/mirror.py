"""`cib.xml`: the configuration as a file for people to read. Nothing here ever reads it back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from hanode.runtime import tasks
from hanode.runtime.journal import Journal

HEAD = "<!-- A copy for reading. Change the configuration with `hanode cib`, not here. -->\n"


class Mirror:
    """Writes each new version, outside the loop; of several at once, the last."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self._path = folder / "cib.xml"
        self._journal = journal
        self._version = ""
        self._wanted: str | None = None
        self._busy = False

    def show(self, version: str, cib: str) -> None:
        """This is the configuration now."""
        if version == self._version:
            return
        self._version, self._wanted = version, cib
        if not self._busy:
            self._busy = True
            tasks.start(self._write_all())

    async def _write_all(self) -> None:
        while self._wanted is not None:
            text, self._wanted = self._wanted, None
            try:
                await asyncio.to_thread(self._write, text)
            except OSError as error:
                self._journal.warning("cib.xml can't be written", why=error.strerror)
        self._busy = False

    def _write(self, text: str) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_text(HEAD + text, "utf-8")
        beside.replace(self._path)

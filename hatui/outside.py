"""Programs that are given the terminal for a while: an editor, a shell on a node.

The console steps back: it draws nothing, but goes on following its cluster.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from textual.app import App

EX_NOT_FOUND = 127


async def run_outside(app: App[int], argv: Sequence[str]) -> int:
    """Its exit code; 127 if there is no such program."""
    with _stepping_back(app):
        try:
            process = await asyncio.create_subprocess_exec(*argv)
        except OSError as error:
            print(f"{argv[0]}: {error.strerror}")
            return EX_NOT_FOUND
        return await process.wait()


@contextlib.contextmanager
def _stepping_back(app: App[int]) -> Iterator[None]:
    """Ctrl-C is then the program's, and must not end us."""
    loop = asyncio.get_running_loop()
    if app.is_headless:
        yield
        return
    with app.batch_update(), app.suspend():
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)


def editor() -> list[str]:
    """The operator's, as git finds it."""
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")


class Draft:
    """A file that holds what an operator writes until it is no longer needed."""

    def __init__(self, text: str, suffix: str = ".xml") -> None:
        handle, name = tempfile.mkstemp(prefix="hatui-", suffix=suffix)
        self.path = Path(name)
        os.close(handle)
        self.write(text)

    def write(self, text: str) -> None:
        self.path.write_text(text)

    def read(self) -> str:
        return self.path.read_text(errors="replace")

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)

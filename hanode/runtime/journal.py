"""The node's own log file: one line for each thing that a process has to say.

`time level process text key=value ...`. Every process writes to its standard error, which the
supervisor opened as that file in append mode; the supervisor alone keeps its size bounded.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LIMIT = 10 * 1024 * 1024
"""Bytes after which the file is moved aside once (`.1`)."""
LINE_LIMIT = 4000
"""Characters of one line: what a stranger sends can't fill the disk at once."""


class Journal:
    """Writes lines in the name of one process."""

    def __init__(self, process: str, descriptor: int = 2) -> None:
        self._process = process
        self._descriptor = descriptor

    def say(self, level: str, text: str, details: Mapping[str, Any] | None = None) -> None:
        """One line; level is debug, info, warning or error."""
        line = format_line(time.time(), level, self._process, text, details or {})
        self._put(line.encode("utf-8", "replace"))

    def info(self, text: str, **details: Any) -> None:
        self.say("info", text, details)

    def warning(self, text: str, **details: Any) -> None:
        self.say("warning", text, details)

    def error(self, text: str, **details: Any) -> None:
        self.say("error", text, details)

    def finish(self) -> None:
        """The process is about to end: what was said is to be on its way."""

    def _put(self, line: bytes) -> None:
        """A log that can't be written (disk full, reader gone) must not end a node."""
        with contextlib.suppress(OSError):
            os.write(self._descriptor, line)


def format_line(at: float, level: str, process: str, text: str, details: Mapping[str, Any]) -> str:
    """The line, newline included; control characters never reach a terminal."""
    seconds, fraction = divmod(at, 1.0)
    stamp = (
        time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(fraction * 1000):03}Z"
    )
    words = [stamp, f"{level:<7}", f"{process:<9}", text]
    words += [f"{key}={_value(value)}" for key, value in details.items()]
    return _printable(" ".join(words))[:LINE_LIMIT] + "\n"


def rotate(path: Path) -> None:
    """Keep the file below its limit: copy it aside, then empty it in place, so that every process
    goes on writing to the descriptor that it has. Raises OSError; then nothing is lost."""
    if not path.exists() or path.stat().st_size <= LIMIT:
        return
    aside = path.with_name(path.name + ".1")
    draft = path.with_name(aside.name + ".new")
    try:
        draft.write_bytes(path.read_bytes())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    draft.replace(aside)
    os.truncate(path, 0)


def open_log(path: Path) -> int:
    """A descriptor for appending to the node's log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


def _value(value: Any) -> str:
    text = str(value)
    return f'"{text}"' if " " in text or not text else text


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)

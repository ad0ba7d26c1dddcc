"""One outlet of the power strip: whatever runs on one node, runs below this process.

An outlet stands for a machine's mains plug. It is the subreaper of its node, so services that
outlive the node's hanode still belong to it; when it is switched off, or when the strip that it
belongs to is gone, it kills them all.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hanode.demo import family

OFF_LIMIT = 5.0
"""Seconds in which SIGKILL must have emptied a node; a process stuck in the kernel takes longer,
and then the outlet admits that the node isn't off."""


_SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP, "thaw": signal.SIGCONT}
"""To the process group that was started: a node's hanode, never the services."""


@dataclass(frozen=True, slots=True)
class Plug:
    """What an outlet starts when it is switched on."""

    name: str
    argv: tuple[str, ...]
    log: str
    """Takes the node's stdout and stderr."""
    pid_file: str
    """Holds the pid, which is the process group too, of what was started last."""
    volatile: str = ""
    """A folder that is empty after each start, as /run is on a machine."""
    environment: dict[str, str] = field(default_factory=dict)
    """Added to the strip's own."""


class Outlet:
    """The process behind a plug: takes one order at a time from the strip, answers each."""

    def __init__(self, plug: Plug, strip: socket.socket) -> None:
        self._plug = plug
        self._strip = strip
        self._powered = False
        self._pid = 0

    def serve(self) -> None:
        """Until the strip is gone; then off, for good."""
        family.adopt_orphans()
        signal.signal(signal.SIGCHLD, _bury)
        try:
            for line in self._strip.makefile("rb"):
                self._strip.sendall(json.dumps(self._obey(line.decode().strip())).encode() + b"\n")
        finally:
            family.end_all(OFF_LIMIT)

    def _obey(self, action: str) -> dict[str, Any]:
        try:
            if action in ("off", "reboot"):
                self._switch_off()
            if action in ("on", "reboot"):
                self._switch_on()
            if action in _SIGNALS and self._powered:
                os.killpg(self._pid, _SIGNALS[action])
        except OSError as error:
            return {"ok": False, "error": str(error)}
        return {"ok": True, "state": "on" if self._powered else "off"}

    def _switch_off(self) -> None:
        left = family.end_all(OFF_LIMIT)
        if left:
            raise OSError(f"{left} processes of {self._plug.name} survive SIGKILL")
        self._powered = False

    def _switch_on(self) -> None:
        if self._powered:
            return
        if self._plug.volatile:
            _empty(Path(self._plug.volatile))
        self._pid = _start(self._plug)
        self._powered = True
        _replace(Path(self._plug.pid_file), f"{self._pid}\n")


def _empty(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)


def _start(plug: Plug) -> int:
    """In a session and process group of its own; its pid."""
    log = os.open(plug.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return os.posix_spawn(
            plug.argv[0],
            plug.argv,
            {**os.environ, **plug.environment},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
            ],
            setsid=True,
            # Python ignores SIGPIPE, and what is ignored stays so over an exec.
            setsigdef=(signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP),
        )
    finally:
        os.close(log)


def _replace(path: Path, text: str) -> None:
    """A reader finds the old text or the new one, never half of it."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text)
    fresh.replace(path)


def _bury(signum: int, frame: Any) -> None:
    """A machine's init leaves no zombies about."""
    family.reap()

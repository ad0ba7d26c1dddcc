"""Takes a lab down when the process that made it has ended, in whatever way.

python -m tests.lab.janitor TAG          (its stdin is a pipe that nobody writes to)
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tests.lab import wiring

PATIENCE = 10.0
CONTROLLERS = ("pids", "cpuacct")


def cgroups() -> list[Path]:
    """Where the machine's cgroups are that the lab uses: version 1, or version 2."""
    root = Path("/sys/fs/cgroup")
    if (root / "cgroup.controllers").exists():
        return [root]
    return [root / name for name in CONTROLLERS if (root / name).is_dir()]


def clear(tag: str) -> None:
    """Nothing of this lab is left: no process, no cgroup, no network."""
    mine = [home for root in cgroups() for home in sorted(root.glob(f"{tag}-*"))]
    until = time.monotonic() + PATIENCE
    while (alive := [pid for home in mine for pid in _inhabitants(home)]) and (
        time.monotonic() < until
    ):
        for pid in alive:
            _kill(pid)
        time.sleep(0.02)
    for home in mine:
        home.rmdir()
    wiring.remove(tag)


def _inhabitants(home: Path) -> list[int]:
    return [int(word) for word in (home / "cgroup.procs").read_text().split()]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    clear(sys.argv[1])

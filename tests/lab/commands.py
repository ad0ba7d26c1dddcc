"""Commands of the machine that the lab stands on, and patience with what they begin."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable


def do(*argv: str) -> str:
    """A command that has to succeed; what it printed."""
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def wait(condition: Callable[[], bool], limit: float, gap: float = 0.02) -> float:
    """How long it took."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > limit:
            raise TimeoutError(f"waited {limit} s in vain")
        time.sleep(gap)
    return time.monotonic() - start

"""Copies text so that it works where people are: in tmux with its default settings, over SSH."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable

LIMIT = 74_000
"""Bytes; many terminals drop a longer OSC 52."""
PATIENCE = 2.0


def copy(text: str, write: Callable[[str], None]) -> str:
    """Into tmux' buffer where there is one, else by OSC 52; how it was done, or why not."""
    if os.environ.get("TMUX"):
        problem = _to_tmux(text)
        if not problem:
            return "copied; tmux has it too (prefix ])"
    data = text.encode()
    if len(data) > LIMIT:
        return f"too long to copy: {len(data)} bytes, a terminal takes {LIMIT}"
    write(osc52(data))
    return "copied, where the terminal allows it (OSC 52)"


def osc52(data: bytes) -> str:
    """What a terminal understands as `put this into the clipboard`."""
    return f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"


def _to_tmux(text: str) -> str:
    """Why it did not work; -w hands it on to the terminal's clipboard."""
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"], input=text.encode(), capture_output=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.decode(errors="replace")

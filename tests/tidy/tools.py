"""The tools that read the code without running it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
TOOLS: dict[str, tuple[str, ...]] = {
    "ruff check": (str(BIN / "ruff"), "check", "."),
    "ruff format": (str(BIN / "ruff"), "format", "--check", "."),
    "mypy": (sys.executable, "-m", "mypy"),
    "floors": (str(BIN / "lint-imports"),),
}


def run(name: str) -> tuple[int, str]:
    """The exit status of a tool, and all that it says."""
    done = subprocess.run(TOOLS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def lint() -> int:
    """All tools; what they say only where they complain."""
    failed = 0
    for name in TOOLS:
        status, said = run(name)
        print(f"{name}: {'ok' if status == 0 else 'FAILED'}")
        if status:
            failed += 1
            print(said)
    return 1 if failed else 0

"""A child dies with its parent, also with one that was gone before it could say so."""

from __future__ import annotations

import signal
import subprocess
import sys

SCRIPT = """
import os, sys
from hanode.runtime.lifeline import die_with_parent
die_with_parent(int(sys.argv[1]) if sys.argv[1:] else os.getppid())
print("lives")
"""


def child(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True)


def test_with_its_parent_it_lives() -> None:
    assert child().stdout == "lives\n"


def test_whose_parent_is_gone_already_dies_at_once() -> None:
    with subprocess.Popen(["/bin/true"]) as gone:
        gone.wait()
    assert child(str(gone.pid)).returncode == -signal.SIGKILL

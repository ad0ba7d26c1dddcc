"""A loop that hangs is ended from outside; one that comes round is not."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

LOOP = """
import sys, time
from hanode.runtime.dead_man import DeadMan
dead_man = DeadMan(0.5)
for pause in map(float, sys.argv[1:]):
    dead_man.press()
    time.sleep(pause)
"""


@pytest.mark.parametrize(
    ("pauses", "ends"), [(["0.1"] * 8, 0), (["0.1", "60"], -signal.SIGALRM)], ids=["turns", "hangs"]
)
def test_it_ends_what_hangs(pauses: list[str], ends: int) -> None:
    assert subprocess.run([sys.executable, "-c", LOOP, *pauses], timeout=30).returncode == ends

"""The supervisor restarts what dies, alone, and ends all when told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path
from hanode.runtime.journal import Journal, open_log
from hanode.runtime.supervisor import Part, Supervisor, block_signals, lead_process_group

folder = Path(sys.argv[1])
SLEEPER = (
    "import signal; signal.signal(signal.SIGTERM, lambda *_: exit(0)); "
    "print('ready', flush=True); signal.pause()"
)
HOPELESS = "import sys; sys.exit(78)"
bodies = {"one": SLEEPER, "two": SLEEPER, "leaver": SLEEPER}
bodies |= dict.fromkeys(sys.argv[2:], HOPELESS)
lead_process_group()
block_signals()
log = open_log(folder / "log")
parts = [Part(n, lambda life, b=b: [sys.executable, "-c", b]) for n, b in bodies.items()]
sys.exit(Supervisor(parts, "leaver", Journal("hanode", log), log).run())
"""


class Watched:
    """A supervisor that runs as a process of its own, and its log."""

    def __init__(self, folder: Path, *more: str) -> None:
        self._log = folder / "log"
        self.process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(folder), *more])

    def started(self, part: str, count: int = 1) -> list[int]:
        """The pids of a part's lives, once there are so many."""
        return [int(pid) for pid in self.until(rf"started part={part} .*pid=(\d+)", count)]

    def until(self, pattern: str, count: int = 1) -> list[str]:
        while True:
            found = re.findall(pattern, self._log.read_text() if self._log.exists() else "", re.M)
            if len(found) >= count:
                return found
            assert self.process.poll() is None or count == 0, self._log.read_text()
            time.sleep(0.01)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    one = Watched(tmp_path)
    yield one
    one.process.kill()
    one.process.wait()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def gone(pid: int) -> None:
    while alive(pid):
        time.sleep(0.01)


def test_a_killed_part_is_started_again_alone(watched: Watched) -> None:
    (one,), (two,) = watched.started("one"), watched.started("two")
    os.kill(one, signal.SIGKILL)
    assert watched.started("one", 2)[1] != one
    assert alive(two)
    assert watched.started("two") == [two]


def test_leaving_asks_one_part_first(watched: Watched) -> None:
    pids = [watched.started(part)[0] for part in ("one", "two", "leaver")]
    watched.until("^ready", 3)
    watched.process.send_signal(signal.SIGTERM)
    assert watched.process.wait(10) == 0
    assert not any(alive(pid) for pid in pids)


def test_a_stopped_supervisor_goes_on(watched: Watched) -> None:
    (one,) = watched.started("one")
    for _ in range(3):
        watched.process.send_signal(signal.SIGSTOP)
        while Path(f"/proc/{watched.process.pid}/stat").read_text().split()[2] != "T":
            time.sleep(0.01)
        watched.process.send_signal(signal.SIGCONT)
    os.kill(one, signal.SIGKILL)
    assert watched.started("one", 2)


def test_sigquit_ends_at_once(watched: Watched) -> None:
    pids = [watched.started(part)[0] for part in ("one", "two", "leaver")]
    watched.process.send_signal(signal.SIGQUIT)
    assert watched.process.wait(10) == 128 + signal.SIGQUIT
    assert not any(alive(pid) for pid in pids)


def test_the_parts_die_with_a_killed_supervisor(watched: Watched) -> None:
    pids = [watched.started(part)[0] for part in ("one", "two", "leaver")]
    watched.process.kill()
    for pid in pids:
        gone(pid)


def test_all_parts_are_of_one_process_group(watched: Watched) -> None:
    pids = [watched.started(part)[0] for part in ("one", "two", "leaver")]
    assert {os.getpgid(pid) for pid in pids} == {watched.process.pid}


def test_a_part_that_can_t_be_helped_ends_the_node(tmp_path: Path) -> None:
    one = Watched(tmp_path, "two")
    assert one.process.wait(10) == 78
    assert "starting it again can't help" in (tmp_path / "log").read_text()

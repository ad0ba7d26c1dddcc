"""The supervisor restarts what dies, alone, and ends all when told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPT = r"""
import os
import sys
import threading
from pathlib import Path
from hanode.runtime import journal, supervisor
from hanode.runtime.journal import Journal, open_log, rotate
from hanode.runtime.supervisor import Part, Supervisor, block_signals, lead_process_group

folder = Path(sys.argv[1])
HEED = "from hanode.runtime import signals; signals.heed(); "
HANDLE = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); " + HEED
SAYS_SO = HANDLE.replace("sys.exit(0)", "sys.exit(print('ended in order', flush=True))")
READY = "print('ready', flush=True); signal.pause()"
AWAIT = (
    "import os, time\nprint('imports', flush=True)\n"
    "while not os.path.exists('go'): time.sleep(0.01)\n"
)
BODIES = {
    "sleeper": HANDLE + READY,
    "nobody's": "",
    "says-so": SAYS_SO + READY,
    "hopeless": AWAIT + "import sys; sys.exit(78)",
    "hopeless-later": "import sys\nif sys.argv[1] != '1': sys.exit(78)\n" + HANDLE + READY,
    "late": AWAIT + HANDLE + READY,
    "crashes-first": "import sys\nif sys.argv[1] == '1': "
    + HANDLE.replace("sys.exit(0)", "sys.exit(1)") + READY + "\n" + HANDLE + READY,
}
bodies = {"one": "sleeper", "two": "sleeper", "leaver": "sleeper"}
bodies |= dict(word.split("=") for word in sys.argv[2:])
os.chdir(folder)
supervisor.HOUSEKEEPING, journal.LIMIT = 0.05, 10_000
if bodies.pop("threads", "") == "none":
    threading.stack_size(1 << 47)  # more than any machine can give
lead_process_group()
block_signals()
log = open_log(folder / "log")
parts = [
    Part(
        n,
        lambda life, b=b: [sys.executable, "-c", BODIES[b], str(life)],
        user="nobody of this name" if b == "nobody's" else "",
    )
    for n, b in bodies.items()
]
keep_small = lambda: rotate(folder / "log")
sys.exit(Supervisor("leaver", Journal("hanode", log), log, keep_small).run(parts))
"""


class Watched:
    """A supervisor that runs as a process of its own, and its log."""

    def __init__(self, folder: Path, *more: str) -> None:
        self._log = folder / "log"
        self.terminal = folder / "terminal"
        with self.terminal.open("w") as terminal:
            argv = [sys.executable, "-c", SCRIPT, str(folder), *more]
            self.process = subprocess.Popen(argv, stderr=terminal)

    def started(self, part: str, count: int = 1) -> list[int]:
        """The pids of a part's lives, once there are so many."""
        return [int(pid) for pid in self.until(rf"started part={part} .*pid=(\d+)", count)]

    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def until(self, pattern: str, count: int = 1) -> list[str]:
        while True:
            ended = self.process.poll() is not None
            found = re.findall(pattern, self.log(), re.M)
            if len(found) >= count:
                return found
            assert not ended, self.log()
            time.sleep(0.01)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    all_: list[Watched] = []

    def begin(*more: str) -> Watched:
        all_.append(Watched(tmp_path, *more))
        return all_[-1]

    yield begin
    for one in all_:
        one.process.kill()
        one.process.wait()


@pytest.fixture
def watched(watch: Callable[..., Watched]) -> Watched:
    return watch()


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


def test_a_part_that_can_t_be_helped_ends_the_node(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    one = watch("two=hopeless", "one=says-so")
    one.until("^ready", 2)
    (tmp_path / "go").touch()
    assert one.process.wait(10) == 78
    assert "starting it again can't help" in one.log()
    assert "ended in order" in one.log()


def test_a_part_that_has_worked_is_tried_again(watch: Callable[..., Watched]) -> None:
    one = watch("two=hopeless-later")
    one.until("^ready", 3)
    os.kill(one.started("two")[0], signal.SIGKILL)
    one.until("died part=two .*78", 3)
    assert alive(one.started("one")[0])


def test_a_wish_to_leave_waits_for_the_leaver_s_start(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    """However early it is told, and however often."""
    one = watch("leaver=late")
    one.until("^imports")
    one.process.send_signal(signal.SIGTERM)
    one.until("leaves the cluster")
    one.process.send_signal(signal.SIGINT)
    one.until("is leaving already")
    (tmp_path / "go").touch()
    assert one.process.wait(10) == 0
    assert len(one.started("leaver")) == 1


def test_a_leaver_that_crashes_is_asked_again(watch: Callable[..., Watched]) -> None:
    one = watch("leaver=crashes-first")
    one.until("^ready", 3)
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(10) == 0
    assert len(one.started("leaver")) == 2


def test_ctrl_c_reaches_the_supervisor_alone(watched: Watched) -> None:
    """A terminal sends it to the whole group."""
    watched.until("^ready", 3)
    os.killpg(watched.process.pid, signal.SIGHUP)
    watched.until("SIGHUP has no meaning here")
    os.killpg(watched.process.pid, signal.SIGINT)
    assert watched.process.wait(10) == 0
    assert "died" not in watched.log()
    assert "stops what runs here first" in watched.terminal.read_text()


def test_a_log_that_can_t_be_moved_aside_ends_nobody(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    earlier = tmp_path / "log.1"
    earlier.write_text("an earlier log")
    (tmp_path / "log.1.new").symlink_to("/dev/full")
    one = watch()
    one.until("^ready", 3)
    with (tmp_path / "log").open("a") as log:
        log.write("x" * 20_000 + "\n")
    while "the log can't be moved aside" not in earlier.read_text():
        assert one.process.poll() is None
        time.sleep(0.01)
    assert earlier.read_text().count("ready") == 3
    assert "No space left on device" in earlier.read_text()


def test_a_machine_without_a_thread_to_spare_ends_nobody(watch: Callable[..., Watched]) -> None:
    one = watch("threads=none")
    one.until("can't be moved aside .*new thread")
    os.kill(one.started("one")[0], signal.SIGKILL)
    assert alive(one.started("one", 2)[1])
    assert one.terminal.read_text() == ""


def test_a_part_whose_user_is_not_found_just_now_is_started_later(
    watch: Callable[..., Watched],
) -> None:
    one = watch("two=nobody's")
    one.until("can't start part=two", 3)
    assert alive(one.started("one")[0])

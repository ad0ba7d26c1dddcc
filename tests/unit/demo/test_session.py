"""A demo's end: whatever way it comes, nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

PORT = 18191


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A short one: a Unix socket has 107 bytes for its path, and pytest likes long ones."""
    with tempfile.TemporaryDirectory(prefix="hd", dir="/tmp") as name:
        yield Path(name)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A demo without a console in a temporary folder of its own making, all nodes started."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hanode.demo", "--no-console", "--nodes", "2", "--port", str(PORT)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "2 nodes in" in process.stdout.readline()
    wait(lambda: all((folder(tmp_path) / name / "hanode.pid").exists() for name in ("n1", "n2")))
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_told_to_end_it_leaves_nothing(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    demo.terminate()
    assert demo.wait(20) == 0
    assert mentioning(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_killed_outright_it_leaves_nothing(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    demo.kill()
    wait(lambda: mentioning(tmp_path) == [] and list(tmp_path.iterdir()) == [])


def test_its_strip_and_outlets_killed_it_leaves_nothing(
    demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    for pid in mentioning(tmp_path, "hanode.demo.power_strip"):
        with suppress(ProcessLookupError):  # an outlet that ended with its strip
            os.kill(pid, signal.SIGKILL)
    assert demo.wait(20) == os.EX_UNAVAILABLE
    assert mentioning(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_second_demo_in_one_folder_is_refused(
    demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    other = subprocess.run(
        [sys.executable, "-m", "hanode.demo", "--no-console", "--dir", str(folder(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert other.returncode == os.EX_UNAVAILABLE
    assert "a demo runs here already" in other.stderr


def folder(tmp_path: Path) -> Path:
    (found,) = tmp_path.iterdir()
    return found


def mentioning(path: Path, also: str = "") -> list[int]:
    """Processes whose command or environment names the path."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(path).encode() in command + environment and also.encode() in command:
            found.append(int(entry.name))
    return found


def wait(condition: Callable[[], bool], limit: float = 20.0) -> None:
    until = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)

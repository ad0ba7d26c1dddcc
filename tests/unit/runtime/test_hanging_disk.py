"""A disk that hangs under a node's log or files stops nothing of the node."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.runtime.test_run import HANODE, PATIENCE, OneNode


@pytest.fixture
def node(tmp_path: Path) -> Iterator[OneNode]:
    one = OneNode(tmp_path, 1)
    assert subprocess.run([*HANODE, "init", *one.where], capture_output=True).returncode == 0
    yield one
    one.end()


def await_answer(node: OneNode) -> None:
    limit = time.monotonic() + PATIENCE
    while (told := node.command("status")).returncode != 0 or "n1" not in told.stdout:
        assert time.monotonic() < limit, told
        time.sleep(0.1)


def fill(pipe: Path) -> int:
    """A pipe from which nobody reads: who writes to it waits for ever."""
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(descriptor, b"x" * 4096)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(descriptor, b"x")
    return descriptor


def parts_of(pid: int) -> dict[str, int]:
    """The process ids of a supervisor's children, by their module."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"-m" in words:
            found[words[words.index(b"-m") + 1].decode().rpartition(".")[2]] = int(child)
    return found


def test_a_log_that_hangs_stops_nobody(node: OneNode) -> None:
    pipe = fill(node.folder / "hanode.log")
    try:
        node.run()
        await_answer(node)
        assert node.process is not None
        before = parts_of(node.process.pid)
        assert len(before) == 4
        for name in ("remote", "crm"):
            os.kill(before[name], signal.SIGKILL)
            limit = time.monotonic() + PATIENCE
            while parts_of(node.process.pid).get(name, before[name]) == before[name]:
                assert time.monotonic() < limit, f"{name} is not started again"
                time.sleep(0.05)
        await_answer(node)
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(PATIENCE) == 0
    finally:
        os.close(pipe)


def test_a_file_that_hangs_keeps_no_node_from_leaving(node: OneNode) -> None:
    (node.folder / "state").mkdir(exist_ok=True)
    os.mkfifo(node.folder / "state" / "cib.new")  # who opens it to write waits for a reader
    node.run()
    await_answer(node)
    assert node.process is not None
    node.process.send_signal(signal.SIGTERM)
    assert node.process.wait(PATIENCE) == 0


def test_a_full_disk_under_its_output_and_its_number_is_said(node: OneNode) -> None:
    (node.folder / "hanode.pid").symlink_to("/dev/full")
    argv = [*HANODE, "--config", str(node.folder / "hanode.toml"), "run"]
    with open("/dev/full", "w") as full:
        node.process = subprocess.Popen(argv, stdout=full, start_new_session=True, text=True)
    await_answer(node)
    assert "No space left on device" in node.log()

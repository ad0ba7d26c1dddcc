"""The console itself: its start, its rest, its keys in a storm; the real program on a real pty."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from tests.bench.peers import Peer
from tests.bench.table import Row, spread, table

TICK = os.sysconf("SC_CLK_TCK")
SIZE = (40, 120)
KEYS = 30
REST = 8.0
SETTLE = 20.0
"""Seconds in which the losses of nodes are foreseen, by another process."""
_MEMORY = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """Two tables: seconds of the processor where other work on the machine must not count."""
    with source(12, 0) as socket:
        version = [_cpu(["--version"]) for _ in range(repetitions * 3)]
        once = [_cpu(["--once", socket]) for _ in range(repetitions * 3)]
    rows = [Row("hatui --version, CPU", spread(version)), Row("hatui --once, CPU", spread(once))]
    rows += _first_tree(repetitions)
    shares = [*_at_rest(1000), *_at_rest(5000), *_busy(5000, 100.0), *_keys(1000.0)]
    return table("the console", rows) + "\n" + "\n".join(shares)


def _cpu(words: list[str]) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-m", "hatui", *words], stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def _first_tree(repetitions: int) -> list[Row]:
    walls, cpus = [], []
    for _ in range(repetitions):
        with source(1000, 0) as socket, Terminal(socket) as terminal:
            walls.append(terminal.until(b"g000", 30.0))
            cpus.append(terminal.cpu())
    return [Row("first tree of 1,000 resources", spread(walls)), Row("  CPU of it", spread(cpus))]


def _at_rest(resources: int) -> list[str]:
    with source(resources, 0) as socket, Terminal(socket) as terminal:
        terminal.until(b"g000", 30.0)
        terminal.drain(SETTLE)
        cpu, came = terminal.cpu(), terminal.drain(REST)
        share = (terminal.cpu() - cpu) / REST * 100
        return [f"{resources} resources at rest: {share:.2f} % of a core, {came} bytes in "
                f"{REST:.0f} s, {terminal.memory():.0f} MB"]  # fmt: skip


def _busy(resources: int, rate: float) -> list[str]:
    with source(resources, rate) as socket, Terminal(socket) as terminal:
        terminal.until(b"g000", 60.0)
        terminal.drain(5.0)
        cpu, began = terminal.cpu(), time.monotonic()
        came = terminal.drain(REST)
        share = (terminal.cpu() - cpu) / (time.monotonic() - began) * 100
        return [f"{resources} resources, {rate:.0f} events/s: {share:.1f} % of a core, "
                f"{came / REST / 1000:.1f} KB/s, {terminal.memory():.0f} MB"]  # fmt: skip


def _keys(rate: float) -> list[str]:
    """Letters of a filter, from the key to the letter on the screen."""
    with source(1000, rate) as socket, Terminal(socket) as terminal:
        terminal.until(b"g000", 30.0)
        terminal.drain(4.0)
        terminal.press(b":")
        terminal.drain(1.0)
        times = []
        for number in range(1, KEYS + 1):
            terminal.press(b"Z")
            times.append(terminal.until(b"Z" * number, 5.0))
            terminal.drain(0.11)
        times.sort()
        return [f"key to paint amid {rate:.0f} events/s: median {times[KEYS // 2] * 1000:.0f} ms, "
                f"95 % {times[KEYS * 95 // 100] * 1000:.0f} ms"]  # fmt: skip


@contextlib.contextmanager
def source(resources: int, rate: float) -> Iterator[str]:
    """A node in name only, in a folder of its own; its socket."""
    folder = tempfile.mkdtemp(prefix="hatui-bench-")
    socket = str(Path(folder) / "console.sock")
    words = [sys.executable, "-m", "tests.bench.firehose", socket, str(resources), str(rate)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield socket
    finally:
        server.kill()
        server.communicate()
        shutil.rmtree(folder)


class Terminal:
    """`hatui SOCKET` on a pty, with a home of its own."""

    def __init__(self, socket: str) -> None:
        self._home = tempfile.mkdtemp(prefix="hatui-bench-home-")
        self._began = time.monotonic()
        self.pid, self.line = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", HOME=self._home, LC_ALL="C.UTF-8")
            os.environ.pop("TMUX", None)
            os.execv(sys.executable, [sys.executable, "-m", "hatui", socket])
        fcntl.ioctl(self.line, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        os.kill(self.pid, signal.SIGTERM)
        self.drain(1.5)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.line)
        shutil.rmtree(self._home)

    def press(self, keys: bytes) -> None:
        self._began = time.monotonic()
        os.write(self.line, keys)

    def until(self, text: bytes, limit: float) -> float:
        """Seconds from the start, or from the last key, until this was drawn."""
        seen = b""
        end = time.monotonic() + limit
        while text not in seen:
            if time.monotonic() > end:
                raise TimeoutError(f"{text!r} was not drawn within {limit} s: {seen[-300:]!r}")
            seen = (seen + self._read(0.05))[-200_000:]
        return time.monotonic() - self._began

    def drain(self, seconds: float) -> int:
        """Bytes that come within this time."""
        end, came = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            came += len(self._read(left))
        return came

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / TICK

    def memory(self) -> float:
        found = _MEMORY.search(Path(f"/proc/{self.pid}/smaps_rollup").read_text())
        assert found is not None
        return int(found[1]) / 1024

    def _read(self, patience: float) -> bytes:
        ready, _, _ = select.select([self.line], [], [], max(patience, 0))
        try:
            return os.read(self.line, 1 << 16) if ready else b""
        except OSError:
            return b""

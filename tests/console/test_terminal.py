"""A real terminal, made of a pty: signals, its loss, its size, and that it is left clean."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from hatui.terminal import notification

ROOT = Path(__file__).resolve().parents[2]
LEFT_ALT_SCREEN, MOUSE_OFF, CURSOR_ON = b"\x1b[?1049l", b"\x1b[?1003l", b"\x1b[?25h"


class Terminal:
    """A console that runs in a pty."""

    def __init__(self, *words: str, size: tuple[int, int] = (80, 24), **env: str) -> None:
        self.master, slave = pty.openpty()
        self._resize(slave, size)
        given = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": os.environ["PATH"],
                 "HOME": "/nonexistent", **env}  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.console.onstage", *words],
            stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=given, start_new_session=True,
            preexec_fn=_take_terminal,
        )  # fmt: skip
        os.close(slave)
        self.seen = b""

    def read(self, seconds: float) -> bytes:
        """What it writes in so long a time."""
        found, until = b"", time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([self.master], [], [], left)
            if ready:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    break  # the far end is closed
                if not data:
                    break
                found += data
        self.seen += found
        return found

    def until(self, wanted: bytes) -> None:
        """Read on until this has been written; the test's limit ends what never comes."""
        while wanted not in self.seen:
            assert self.process.poll() is None, self.seen[-2000:].decode(errors="replace")
            self.read(0.05)

    def end(self) -> int:
        code: int | None = None
        while code is None:
            self.read(0.05)
            code = self.process.poll()
        self.read(0.1)
        return code

    def resize(self, size: tuple[int, int]) -> None:
        self._resize(self.master, size)
        self.process.send_signal(signal.SIGWINCH)

    @staticmethod
    def _resize(fd: int, size: tuple[int, int]) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def clean(seen: bytes) -> bool:
    """The last words about screen, mouse and cursor put them back."""
    return (
        seen.rfind(LEFT_ALT_SCREEN) > seen.rfind(b"\x1b[?1049h")
        and seen.rfind(MOUSE_OFF) >= seen.rfind(b"\x1b[?1003h")
        and seen.rfind(CURSOR_ON) > seen.rfind(b"\x1b[?25l")
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["TERM", "HUP"]
)
def test_signals_leave_a_clean_terminal(number: signal.Signals, code: int) -> None:
    terminal = Terminal()
    terminal.until(b"front-ip")
    terminal.process.send_signal(number)
    assert terminal.end() == code
    assert clean(terminal.seen)


def test_q_leaves_a_clean_terminal() -> None:
    terminal = Terminal()
    terminal.until(b"front-ip")
    os.write(terminal.master, b"Q")
    assert terminal.end() == 0
    assert clean(terminal.seen)


@pytest.mark.parametrize("deaf", [False, True], ids=["HUP", "no HUP"])
def test_a_lost_terminal_ends_it(deaf: bool) -> None:
    """Even where no SIGHUP comes, as under sudo with a pty of its own."""
    terminal = Terminal("failed", *(["deaf"] if deaf else []))
    terminal.until(b"front-ip")
    os.close(terminal.master)
    assert terminal.process.wait() == 129


def test_idle_writes_nothing() -> None:
    terminal = Terminal("healthy")
    terminal.until(b"promotable")
    terminal.read(1.5)
    assert terminal.read(2.5) == b""
    terminal.process.terminate()
    terminal.end()


def test_resizes_while_the_cluster_is_busy() -> None:
    terminal = Terminal("healthy", "busy")
    terminal.until(b"front-ip")
    for size in ((40, 10), (200, 50), (10, 3), (120, 40), (80, 24)):
        terminal.resize(size)
        terminal.read(0.4)
    os.write(terminal.master, b"2jm/x\x1b?")
    terminal.read(0.5)
    assert terminal.process.poll() is None
    terminal.process.terminate()
    assert terminal.end() == 143
    assert clean(terminal.seen)


@pytest.mark.parametrize("term", ["xterm-256color", "tmux-256color", "screen", "linux"])
def test_terminals(term: str) -> None:
    terminal = Terminal(TERM=term)
    terminal.until(b"front-ip")
    os.write(terminal.master, b"Q")
    assert terminal.end() == 0


def test_dumb_is_refused_with_a_hint() -> None:
    terminal = Terminal(TERM="dumb")
    assert terminal.end() == 64
    assert b"hatui --once" in terminal.seen
    assert b"\x1b" not in terminal.seen


def test_no_color_writes_no_colour() -> None:
    terminal = Terminal("failed", NO_COLOR="1")
    terminal.until(b"front-ip")
    terminal.read(0.5)
    for code in (b"\x1b[38;", b"\x1b[48;", b";38;", b";48;", b"\x1b[31", b"\x1b[32", b"\x1b[33"):
        assert code not in terminal.seen
    terminal.process.terminate()
    terminal.end()


def test_title_bell_and_notice_tell_of_bad_news() -> None:
    """For whoever looks at another window: once, and without a field of the terminal's own."""
    terminal = Terminal("healthy")
    terminal.until(b"\x1b]2;demo: all well\x07")
    terminal.process.send_signal(signal.SIGUSR1)
    terminal.until(b"\x1b]2;demo: 1 failure")
    assert b"\x1b]9;hatui: demo: web: monitor every 1s failed on n1: not running" in terminal.seen
    assert b"no answer, it died" in terminal.seen
    assert b"\x07" in terminal.seen.replace(b"died\x07", b"").rpartition(b"all well\x07")[2]
    terminal.process.send_signal(signal.SIGUSR1)
    terminal.read(1.0)
    assert terminal.seen.count(b"\x1b]9;") == 1
    terminal.process.terminate()
    terminal.end()


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"TERM": "xterm-256color"}, "\x1b]9;hatui: n3 lost\x07"),
        ({"TERM": "foot"}, "\x1b]777;notify;hatui;n3 lost\x07"),
        ({"TERM": "linux"}, ""),
        ({"TERM": "tmux-256color", "TMUX": "x"},
         "\x1bPtmux;\x1b\x1b]9;hatui: n3 lost\x07\x1b\\"),
    ],
    ids=["osc 9", "osc 777", "linux", "tmux"],
)  # fmt: skip
def test_a_notice_is_asked_for_as_the_terminal_takes_it(
    env: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMUX", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert notification("n3 lost") == told


def test_noise_on_the_line_ends_nothing() -> None:
    terminal = Terminal("healthy")
    terminal.until(b"front-ip")
    for noise in (b"\xff\xfe\x80", b"\x1b[\xc3(", b"\x1b[<0;99999999999;1M", b"\xf0\x9f"):
        os.write(terminal.master, noise)
        terminal.read(0.3)
    os.write(terminal.master, b"\x1b")
    terminal.read(0.6)
    os.write(terminal.master, b":stop backup\r")
    terminal.until(b"hanode resource stop backup")
    os.write(terminal.master, b"q")
    terminal.read(0.3)
    os.write(terminal.master, b"Q")
    assert terminal.end() == 0
    assert clean(terminal.seen)


def test_a_burst_is_a_command_whole() -> None:
    """As a paste brings it, or a slow line: every letter belongs to the command."""
    terminal = Terminal("healthy")
    terminal.until(b"front-ip")
    os.write(terminal.master, b":stop backup\r")
    terminal.until(b"hanode resource stop backup")
    terminal.process.terminate()
    terminal.end()

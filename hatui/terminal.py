"""The terminal itself: left clean whatever happens, given a title, refused when it can't be one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
from collections.abc import Callable

from textual.app import App

from hatui.cluster.safe import clean

LOST = 128 + signal.SIGHUP
"""The exit code where the terminal went away."""
HANGUP_LIMIT = 1.5
"""Seconds that an orderly end may take once the terminal is gone."""
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


def unusable() -> str:
    """Why no screen can be drawn here, and what to do instead; empty if one can."""
    if os.environ.get("TERM", "") in ("dumb", ""):
        return "this terminal can't be drawn on (TERM=dumb); use hatui --once or hatui check"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "hatui needs a terminal; use hatui --once or hatui check in scripts"
    return ""


def mouse_wanted(told: str) -> bool:
    """`auto`: not over SSH, where every move of it is traffic and a lost line leaves garbage."""
    if told in ("on", "off"):
        return told == "on"
    return not (os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


def ascii_wanted() -> bool:
    """Whether the locale can't say our signs."""
    words = [os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    told = next((word for word in words if word), "")
    return told in ("C", "POSIX")


def guard(app: App[int]) -> None:
    """End in order on SIGTERM and SIGHUP, and within two seconds of losing the terminal."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, _leave(app, 128 + number))
    if sys.stdin.isatty():
        app.set_interval(1.0, lambda: _watch(app))


def _leave(app: App[int], code: int) -> Callable[[], None]:
    def leave() -> None:
        app.exit(code, return_code=code)

    return leave


def _watch(app: App[int]) -> None:
    poll = select.poll()
    poll.register(sys.stdin.fileno(), _GONE)
    if any(found & _GONE for _, found in poll.poll(0)):
        app.exit(LOST, return_code=LOST)
        asyncio.get_running_loop().call_later(HANGUP_LIMIT, os._exit, LOST)


def notification(text: str) -> str:
    """What asks the terminal for a notice on the operator's desktop: OSC 777 where that is the
    custom, else OSC 9; empty where a terminal would draw it."""
    term = os.environ.get("TERM", "")
    if term.startswith(("linux", "dumb", "vt")):
        return ""
    said = clean(text, 120).replace(";", ",")  # a semicolon begins another field
    urxvts = term.startswith(("rxvt", "foot")) or "VTE_VERSION" in os.environ
    told = f"777;notify;hatui;{said}" if urxvts else f"9;hatui: {said}"
    if os.environ.get("TMUX"):  # handed through where allow-passthrough is on, else dropped
        return f"\x1bPtmux;\x1b\x1b]{told}\x07\x1b\\"
    return f"\x1b]{told}\x07"


def set_title(app: App[int], title: str) -> None:
    """The terminal's title (and tmux' pane title)."""
    driver = app._driver
    if driver is not None and not app.is_headless:
        with contextlib.suppress(OSError):
            driver.write(f"\x1b]2;{clean(title, 80)}\x07")

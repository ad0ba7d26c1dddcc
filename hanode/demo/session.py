"""One showing of a demo: strip and nodes up, console in front, everything down again."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from hanode.demo import family
from hanode.demo.outlet import OFF_LIMIT, Plug
from hanode.demo.plan import NodePlan, Plan, Taken

LOCK = "demo.lock"
STRIP_LOG = "strip.log"
PR_SET_PDEATHSIG = 1
END_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Failed(Exception):  # noqa: N818 - what the demo did
    """The demo could not be shown: where, why and what to do."""


def claim(folder: Path) -> int:
    """Make `folder` this demo's own, if it is nobody's; the lock lasts as long as its holders.

    Raises Taken, OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / LOCK).exists():
        raise Taken(f"{folder}: holds something that is no demo; --dir a new or empty one")
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Taken(f"{folder}: a demo runs here already; end it, or --dir another") from None
    return lock


class Session:
    """Holds the lifeline: when this process is gone, however it went, so is the whole demo."""

    def __init__(self, plan: Plan, lock: int, temporary: bool) -> None:
        self._plan = plan
        self._lock = lock
        self._temporary = temporary
        self._signalled, wakeup = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wakeup)
        for number in END_SIGNALS:
            signal.signal(number, lambda signum, frame: None)

    def show(self, console: list[str]) -> int:
        """Until the console ends, or without one until told to end; the exit code."""
        spare = frozenset(family.descendants())
        family.adopt_orphans()
        far, lifeline = os.pipe()
        strip = self._start_strip(far)
        os.close(far)
        try:
            _await_ready(strip, self._plan)
            return self._watch(strip, console)
        finally:
            os.close(lifeline)
            strip.wait()
            # A strip leaves nothing behind, unless it was itself killed, and its outlets too.
            family.end_strangers(spare, OFF_LIMIT)

    def _start_strip(self, lifeline: int) -> subprocess.Popen[bytes]:
        plugs = json.dumps([asdict(_plug(node)) for node in self._plan.nodes])
        argv = [sys.executable, "-m", "hanode.demo.power_strip", str(self._plan.strip_socket)]
        argv += [plugs, "--lifeline", str(lifeline)]
        argv += ["--cables", json.dumps({node.name: node.cable for node in self._plan.nodes})]
        if self._temporary:
            argv += ["--remove", str(self._plan.folder)]
        with (self._plan.folder / STRIP_LOG).open("ab") as log:
            return subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                pass_fds=(lifeline, self._lock),
            )

    def _watch(self, strip: subprocess.Popen[bytes], console: list[str]) -> int:
        process = subprocess.Popen(console, preexec_fn=_end_with_parent) if console else None
        watched = {self._signalled: "signal", os.pidfd_open(strip.pid): "strip"}
        if process is not None:
            watched[os.pidfd_open(process.pid)] = "console"
        try:
            readable, _, _ = select.select(watched, [], [])
        finally:
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait()
        happened = {watched[descriptor] for descriptor in readable}
        if "console" in happened and process is not None:
            return process.wait()
        if "signal" in happened:
            return 0
        raise Failed(f"the power strip ended by itself; see {self._plan.folder / STRIP_LOG}")


def _plug(node: NodePlan) -> Plug:
    argv = (sys.executable, "-m", "hanode", "--config", str(node.config), "run")
    return Plug(
        node.name,
        argv,
        log=str(node.folder / "output.log"),
        pid_file=str(node.pid_file),
        volatile=str(node.folder / "run"),
    )


def _await_ready(strip: subprocess.Popen[bytes], plan: Plan) -> None:
    assert strip.stdout is not None
    with strip.stdout:
        if strip.stdout.readline() != b"ready\n":
            strip.wait()
            said = (plan.folder / STRIP_LOG).read_text(errors="replace").strip()
            raise Failed(said or f"the power strip did not start (exit {strip.returncode})")


def _end_with_parent() -> None:
    """In the console's process, before exec: a killed demo takes its console along."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

"""A real lrm process on a directory of its own, and the crm's end of its socket."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hanode.events import OperationFinished
from hanode.local_messages import LOCAL, Finished, TakeTerm, TermTaken
from hanode.peer_messages import Order
from hanode.runtime.cgroup import Cgroups, make_root
from hanode.runtime.frames import Frames, frame
from hanode.runtime.lease import LeaseWriter

PATIENCE = 20.0
"""Seconds until a test gives up: never measured, only feared."""


class LrmProcess:
    def __init__(self, directory: Path, boot: int = 1) -> None:
        self.directory = directory
        self.boot = boot
        self.life = 0
        self.log = directory / "log"
        for name in ("run", "state"):
            (directory / name).mkdir(exist_ok=True)
        self.config = directory / "hanode.toml"
        self.config.write_text(
            'name = "n1"\nstream = "127.0.0.1:1"\nrun = "run"\nstate = "state"\n'
            f'fence_agents = "{directory}/fence"\nocf_root = "{directory}/ocf"\n'
            '[[link]]\nkind = "unicast"\naddress = "127.0.0.1:2"\n'
        )
        self.lease = LeaseWriter(directory / "run" / "lease")
        self.lease.publish(time.monotonic() + 3600)
        self._ids = itertools.count(1)
        self.heard: list[Any] = []
        self.process: subprocess.Popen[bytes] | None = None
        self.wire: socket.socket | None = None

    # ---------------------------------------------------------------------------------- its life

    def start(self, log: int | None = None) -> None:
        self.life += 1
        with self.log.open("ab") as usual:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hanode.runtime.lrm", "--config", str(self.config),
                 "--boot", str(self.boot), "--life", str(self.life)],
                stderr=usual if log is None else log,
            )  # fmt: skip
        self.connect()

    def kill(self, number: int = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def connect(self) -> None:
        self.disconnect()
        until = time.monotonic() + PATIENCE
        while True:
            wire = socket.socket(socket.AF_UNIX)
            try:
                wire.connect(str(self.directory / "run" / "lrm.sock"))
                break
            except OSError:
                wire.close()
                assert self.process is not None
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < until, self.log.read_text()
                time.sleep(0.01)
        wire.settimeout(PATIENCE)
        self.wire, self._frames = wire, Frames(1 << 24)

    def disconnect(self) -> None:
        if self.wire is not None:
            self.wire.close()
            self.wire = None

    def end(self) -> None:
        """Whatever the test left: the process, and the services it began."""
        self.disconnect()
        if self.process is not None and self.process.poll() is None:
            self.kill()
        while left := self.services():
            for pid in left:
                with contextlib.suppress(ProcessLookupError):  # it ended by itself
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        Cgroups(make_root(str(self.directory / "run"))).end()

    # ------------------------------------------------------------------------------ what it says

    def say(self, message: Any) -> None:
        assert self.wire is not None
        self.wire.sendall(frame(LOCAL.pack(message)))

    def expect(self, fits: Callable[[Any], Any]) -> Any:
        """The first message that fits and was not expected before."""
        until = time.monotonic() + PATIENCE
        while True:
            for n, message in enumerate(self.heard):
                if fits(message):
                    del self.heard[n]
                    return message
            assert time.monotonic() < until, f"{self.heard}\n{self.log.read_text()}"
            assert self.wire is not None
            data = self.wire.recv(65536)
            assert data, self.log.read_text()
            self.heard += [LOCAL.unpack(body) for body in self._frames.feed(data)]

    def take_term(self, term: int = 1) -> TermTaken:
        self.say(TakeTerm(term, self.boot))
        taken: TermTaken = self.expect(lambda m: isinstance(m, TermTaken) and m.term == term)
        return taken

    def order(self, task: str, resource: str = "d1", agent: str = "ocf:hanode:Dummy",
              **more: Any) -> Order:  # fmt: skip
        """Give an order, don't wait."""
        order = Order(
            id=f"1.1.{next(self._ids)}", term=1, node="n1", boot=self.boot, resource=resource,
            agent=agent, task=task, **more,
        )  # fmt: skip
        self.say(order)
        return order

    def do(self, task: str, resource: str = "d1", **more: Any) -> OperationFinished:
        """Give an order and wait for what comes of it."""
        order = self.order(task, resource, **more)
        return self.result(order)

    def result(self, order: Order) -> OperationFinished:
        found: Finished = self.expect(
            lambda m: isinstance(m, Finished) and m.fact.order == order.id
        )
        return found.fact

    def services(self) -> list[int]:
        """Processes that bear this node's mark."""
        mark = f"HANODE_RESOURCE={self.directory}/run:".encode()
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    if mark in Path(f"/proc/{entry}/environ").read_bytes():
                        found.append(int(entry))
                except OSError:
                    continue
        return found


def agent(lrm: LrmProcess, name: str, script: str) -> str:
    """An OCF agent of the test's own, which has nothing to say of itself."""
    script = script.replace("#!/bin/sh\n", '#!/bin/sh\n[ "$1" = meta-data ] && exit 3\n')
    path = lrm.directory / "ocf" / "resource.d" / "test" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return f"ocf:test:{name}"


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def wait_until(true: object) -> None:
    until = time.monotonic() + PATIENCE
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.01)

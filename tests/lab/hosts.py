"""Hosts made of namespaces on one or two bridges, each behind a plug of the lab's power switch."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.lab import janitor, wiring
from tests.lab.asking import page
from tests.lab.commands import do, wait
from tests.lab.switch import Switch
from tests.lab.wiring import Wiring

__all__ = ["Host", "Lab", "do", "wait"]

SCRIPT = Path(__file__).with_name("host.sh")
BIN = Path(sys.executable).parent
WITNESS_NUMBER = 200
ENTER = 'echo $$ | tee $HOMES > /dev/null; unset HOMES; exec "$@"'
"""Be of the host's cgroups, then do it."""


class Lab:
    """The hosts, their networks, and the switch that powers them; nothing of it in the machine's
    own network, and nothing of it left, whatever way this process ends."""

    def __init__(
        self, count: int, links: int = 1, witness: bool = False, powered: bool = True
    ) -> None:
        self.tag = f"hl{os.getpid()}"
        self.folder = Path(tempfile.mkdtemp(prefix="hanode-lab-"))
        self.strip = self.folder / "strip.sock"
        self.wiring = Wiring(self.tag, links)
        self.hosts = [Host(self, f"n{number}", number) for number in range(1, count + 1)]
        if witness:
            self.hosts.append(Host(self, "w", WITNESS_NUMBER))
        self._powered = powered

    def __enter__(self) -> Lab:
        self._janitor = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.janitor", self.tag],
            stdin=subprocess.PIPE,
            cwd=SCRIPT.parent.parent.parent,
            start_new_session=True,
        )
        try:
            self._build()
        except BaseException:
            self._tear_down()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tear_down()
        if error is None:
            shutil.rmtree(self.folder)
            return
        for host in self.hosts:
            print(host.logs())
        print(f"the hosts' disks are kept: {self.folder}")

    def host(self, name: str) -> Host:
        return next(host for host in self.hosts if host.name == name)

    def _build(self) -> None:
        self.wiring.build()
        for host in self.hosts:
            host.build()
        self.switch = Switch(self.strip, {host.name: host for host in self.hosts})
        self.switch.start()
        if self._powered:
            for host in self.hosts:
                host.on()

    def _tear_down(self) -> None:
        if hasattr(self, "switch"):
            self.switch.end()
        assert self._janitor.stdin is not None
        self._janitor.stdin.close()
        self._janitor.wait(60)
        for host in self.hosts:
            host.bury()


class Host:
    """One of them."""

    def __init__(self, lab: Lab, name: str, number: int) -> None:
        self._lab = lab
        self.name = name
        self.number = number
        self.address = wiring.address(number)
        self.netns = lab.wiring.netns(name)
        self.folder = lab.folder / name
        """What outlives a power cut."""
        self.cgroups = [root / self.netns for root in janitor.cgroups()]
        self.power_losses = 0
        self.init = 0
        """Process 1 of the host, as the machine numbers it; 0 while the power is off."""
        self._outer: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()
        self.daemons: list[subprocess.Popen[bytes]] = []

    def build(self) -> None:
        """Its disk, its network cards, its cgroups."""
        self.folder.mkdir(exist_ok=True)
        self._lab.wiring.wire(self.name, self.number)
        for home in self.cgroups:
            home.mkdir()

    # ------------------------------------------------------------------------------------ power

    @property
    def state(self) -> str:
        return "on" if self.init else "off"

    def on(self) -> None:
        """Power; hanode starts with the host, once it is configured."""
        with self._lock:
            if self.init:
                return
            argv = ["/bin/sh", str(SCRIPT), self.name, str(self.folder), self.netns, str(BIN)]
            with self.folder.with_suffix(".log").open("ab") as log:
                self._outer = subprocess.Popen(
                    ["/bin/sh", "-c", ENTER, "enter", *argv],
                    env={**os.environ, "HOMES": self._homes()},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            wait(lambda: self._ready(), 30, 0.005)

    def off(self) -> None:
        """Everything on it dies at once; over when the kernel says that nothing is left."""
        with self._lock:
            if not self.init or self._outer is None:
                return
            self.power_losses += 1
            os.kill(self.init, signal.SIGKILL)
            self._outer.wait(30)
            self.init = 0
            self.bury()
            self._lab.wiring.addresses(self.name, self.number)

    def crash(self) -> None:
        """The same, and nobody is told: the switch finds it off."""
        self.off()

    def power(self, action: str) -> dict[str, Any]:
        """Ask the power switch."""
        return self._lab.switch.obey(action, self.name)

    def bury(self) -> None:
        for process in (*self.daemons, *([self._outer] if self._outer else ())):
            process.wait(30)
        self.daemons.clear()
        self._outer = None

    def _ready(self) -> bool:
        """Its first process has made itself at home."""
        assert self._outer is not None
        if self._outer.poll() is not None:
            raise RuntimeError(f"{self.name}: {self.folder.with_suffix('.log').read_text()}")
        for pid in self.processes():
            inside = _status(pid, "NSpid").split()
            if len(inside) == 2 and inside[1] == "1" and _root(pid, "run/lab-ready").exists():
                self.init = pid
        return bool(self.init)

    # ------------------------------------------------------------------------------- looking at it

    def processes(self) -> list[int]:
        """All that run on it, as the machine numbers them."""
        return [int(word) for word in (self.cgroups[0] / "cgroup.procs").read_text().split()]

    def root(self, path: str) -> Path:
        """A file as the host sees it."""
        return _root(self.init, path.lstrip("/")) if self.init else Path("/nonexistent")

    def answers(self, port: int) -> str:
        """The body of what HTTP says there, asked over the network; empty if nothing does."""
        return page(self._lab.wiring.hub, self.address, port)

    def answers_itself(self, port: int) -> str:
        """The same, asked on the host, whether its cable is plugged in or not."""
        return page(self.netns, "127.0.0.1", port)

    def logs(self) -> str:
        """What is left of it to read, when a test failed."""
        found = [*self.folder.glob("var/log/hanode*.log"), self.folder / "daemon.log"]
        texts = (f"--- {path}\n{path.read_text()[-4000:]}" for path in found if path.exists())
        return "\n".join(texts)

    # ----------------------------------------------------------------------------- doing on it

    def __call__(self, *argv: str) -> str:
        """Run a command on the host, as its operator; what it printed. Raises on failure."""
        return do("env", f"HOMES={self._homes()}", *self._enter(), *argv)

    def daemon(self, *argv: str) -> None:
        """Start something on the host that stays."""
        with (self.folder / "daemon.log").open("ab") as log:
            process = subprocess.Popen(
                [*self._enter(), *argv], env={**os.environ, "HOMES": self._homes()},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.daemons.append(process)

    def interactive(self, *argv: str) -> list[str]:
        """What a terminal runs to be on the host."""
        return ["env", f"HOMES={self._homes()}", *self._enter(), *argv]

    def cable(self, plugged: bool) -> None:
        """Pull its cable at the bridge, or put it back."""
        self._lab.wiring.cable(self.name, plugged)

    def _enter(self) -> list[str]:
        if not self.init:
            raise RuntimeError(f"{self.name} has no power")
        inside = ["nsenter", "-t", str(self.init), "-m", "-u", "-i", "-n", "-p", "--"]
        path = f"PATH={BIN}:{os.environ['PATH']}"
        return ["/bin/sh", "-c", ENTER, "enter", *inside, "env", path]

    def _homes(self) -> str:
        return " ".join(str(home / "cgroup.procs") for home in self.cgroups)


def _root(pid: int, path: str) -> Path:
    return Path(f"/proc/{pid}/root/{path}")


def _status(pid: int, field: str) -> str:
    """A field of /proc/PID/status; empty if the process is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return ""
    return text.partition(f"{field}:")[2].partition("\n")[0]

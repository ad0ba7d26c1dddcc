"""Hosts made of namespaces on one bridge, each behind a plug of the demo's power strip."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from hanode.demo.outlet import Plug

SCRIPT = Path(__file__).with_name("host.sh")
BIN = Path(sys.executable).parent
NET = "10.78.0"
CLONE_NEWNET = 0x40000000


class Lab:
    """A bridge in a namespace of its own, and the hosts on it; nothing of it in the machine's own
    network."""

    def __init__(self, count: int) -> None:
        self.tag = f"hl{os.getpid()}"
        self.folder = Path(tempfile.mkdtemp(prefix="hanode-lab-"))
        self.strip = self.folder / "strip.sock"
        self.hosts = [Host(self, number) for number in range(1, count + 1)]

    @property
    def hub(self) -> str:
        return f"{self.tag}-hub"

    def __enter__(self) -> Lab:
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
        if error is not None:
            for host in self.hosts:
                print(host.logs())
            print(f"the hosts' disks are kept: {self.folder}")
        self._tear_down()
        if error is None:
            shutil.rmtree(self.folder)

    def host(self, name: str) -> Host:
        return next(host for host in self.hosts if host.name == name)

    def _build(self) -> None:
        do("ip", "netns", "add", self.hub)
        do("ip", "-n", self.hub, "link", "add", "name", "lan", "type", "bridge")
        do("ip", "-n", self.hub, "addr", "add", f"{NET}.254/24", "dev", "lan")
        do("ip", "-n", self.hub, "link", "set", "lan", "up")
        for host in self.hosts:
            host.wire()
        plugs = json.dumps([asdict(host.plug) for host in self.hosts])
        self._power = subprocess.Popen(
            [sys.executable, "-m", "hanode.demo.power_strip", str(self.strip), plugs],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._power.stdout is not None
        assert self._power.stdout.readline() == b"ready\n"
        for host in self.hosts:
            host.await_up()

    def _tear_down(self) -> None:
        power = getattr(self, "_power", None)
        if power is not None:
            power.terminate()
            power.wait(30)
            power.stdout.close()
        for host in self.hosts:
            for process in host.daemons:
                process.wait(10)
        for name in (*(host.netns for host in self.hosts), self.hub):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


class Host:
    """One of them."""

    def __init__(self, lab: Lab, number: int) -> None:
        self._lab = lab
        self.name = f"n{number}"
        self.address = f"{NET}.{number}"
        self.netns = f"{lab.tag}-{self.name}"
        self._port = f"p{number}"
        self._folder = lab.folder / self.name
        self.daemons: list[subprocess.Popen[bytes]] = []

    @property
    def plug(self) -> Plug:
        argv = ("/bin/sh", str(SCRIPT), self.name, str(self._folder), self.netns, str(BIN))
        return Plug(self.name, argv, f"{self._folder}.log", f"{self._folder}.pid")

    def wire(self) -> None:
        """A network card, and a cable to the bridge."""
        self._folder.mkdir()
        hub = self._lab.hub
        do("ip", "netns", "add", self.netns)
        do(
            *("ip", "-n", hub, "link", "add", "name", self._port, "type", "veth"),
            *("peer", "name", "eth0", "netns", self.netns),
        )
        do("ip", "-n", hub, "link", "set", self._port, "master", "lan", "up")
        do("ip", "-n", self.netns, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            do("ip", "-n", self.netns, "link", "set", device, "up")
        do("ip", "-n", self.netns, "route", "add", "default", "via", f"{NET}.254")

    def crash(self) -> None:
        """Everything on it dies at once, and nobody is told."""
        os.kill(self._first(), signal.SIGKILL)

    def cable(self, plugged: bool) -> None:
        """Pull its cable at the bridge, or put it back."""
        do("ip", "-n", self._lab.hub, "link", "set", self._port, "up" if plugged else "down")

    def power(self, action: str) -> dict[str, Any]:
        """Ask the power strip."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(str(self._lab.strip))
            wire.sendall(json.dumps({"action": action, "plug": self.name}).encode() + b"\n")
            with wire.makefile("rb") as answer:
                decoded: dict[str, Any] = json.loads(answer.readline())
        return decoded

    def await_up(self) -> None:
        wait(lambda: self._inside("run/lab-ready").exists(), 20)

    def __call__(self, *argv: str) -> str:
        """Run a command on the host, as its operator; what it printed. Raises on failure."""
        return do(*self._enter(), *argv)

    def daemon(self, *argv: str) -> None:
        """Start something on the host that stays."""
        log = (self._folder / "daemon.log").open("ab")
        process = subprocess.Popen(
            [*self._enter(), *argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        self.daemons.append(process)
        log.close()

    def answers(self, port: int) -> str:
        """The body of what HTTP says there, asked over the network; empty if nothing does."""
        return _ask(self._lab.hub, self.address, port)

    def answers_itself(self, port: int) -> str:
        """The same, asked on the host, whether its cable is plugged in or not."""
        return _ask(self.netns, "127.0.0.1", port)

    def logs(self) -> str:
        """What is left of it to read, when a test failed."""
        found = [*self._folder.glob("var/log/hanode*.log"), self._folder / "daemon.log"]
        texts = (f"--- {path}\n{path.read_text()[-4000:]}" for path in found if path.exists())
        return "\n".join(texts)

    def _first(self) -> int:
        """Process 1 of the host, as the machine numbers it."""
        outer = int(Path(self.plug.pid_file).read_text())
        return int(Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0])

    def _inside(self, path: str) -> Path:
        try:
            return Path(f"/proc/{self._first()}/root/{path}")
        except (OSError, IndexError):
            return Path("/nonexistent")

    def _enter(self) -> list[str]:
        inside = ["nsenter", "-t", str(self._first()), "-m", "-u", "-i", "-n", "-p", "--"]
        return [*inside, "env", f"PATH={BIN}:{os.environ['PATH']}"]


def _ask(netns: str, address: str, port: int) -> str:
    with _inside(netns):
        wire = socket.socket()
    wire.settimeout(0.25)
    try:
        wire.connect((address, port))
        wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
        said = b""
        while part := wire.recv(4096):
            said += part
    except OSError:
        return ""
    finally:
        wire.close()
    return said.partition(b"\r\n\r\n")[2].decode().strip()


@contextmanager
def _inside(netns: str) -> Iterator[None]:
    """A socket made in here belongs to that network."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as home, open(f"/run/netns/{netns}") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            libc.setns(home.fileno(), CLONE_NEWNET)


def do(*argv: str) -> str:
    """A command that has to succeed; what it printed."""
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def wait(condition: Callable[[], bool], limit: float, gap: float = 0.02) -> float:
    """How long it took."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > limit:
            raise TimeoutError(f"waited {limit} s in vain")
        time.sleep(gap)
    return time.monotonic() - start

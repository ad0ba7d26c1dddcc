"""A demo that runs for measurements: started, looked at from outside, ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from hanode.state import ClusterState
from tests.bench.asking import Line, Unanswered
from tests.lab.asking import answer

WEB = "127.77.0.10"
GAP = 0.002
"""Between two looks at the service."""


class Stage:
    """`hatui demo --no-console` in a folder of its own."""

    def __init__(self, nodes: int = 3, port: int = 18080) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hanode-bench-"))
        self.names = tuple(f"n{number}" for number in range(1, nodes + 1))
        self.port = port

    def __enter__(self) -> Stage:
        self.started_at = time.monotonic()
        self._demo = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "hanode.demo",
                "--no-console",
                "--dir",
                str(self.folder),
                "--nodes",
                str(len(self.names)),
                "--port",
                str(self.port),
            ],
            stdout=subprocess.DEVNULL,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._demo.terminate()
        self._demo.wait(30)
        if error is None:
            shutil.rmtree(self.folder)
        else:
            print(f"the demo's folder is kept: {self.folder}", file=sys.stderr)

    # ------------------------------------------------------------------------------- looking

    def line(self, name: str = "") -> Line:
        """A conversation with this node, or with any that answers."""
        names = (name,) if name else self.names
        for one in names:
            try:
                return Line(self.folder / one / "run" / "console.sock")
            except Unanswered as error:
                problem = error
        raise problem

    def state(self) -> ClusterState:
        with self.line() as line:
            return line.state()

    def web_on(self) -> str:
        """The whole answer of the service: the name of its node; empty if there is none."""
        return answer(socket.socket(), WEB, self.port)

    def settle(self, limit: float = 60.0) -> ClusterState:
        """All nodes online, the service up, nothing under way and nothing new for a second."""
        quiet_since, basis = 0.0, -1

        def quiet() -> bool:
            nonlocal quiet_since, basis
            try:
                state = self.state()
            except Unanswered:
                return False
            busy = (
                state.transition is not None
                or not self.web_on()
                or not all(node.online for node in state.nodes.values())
                or len(state.nodes) != len(self.names)
                or bool(state.intents)
            )
            if busy or state.basis != basis:
                quiet_since, basis = time.monotonic(), state.basis
            return not busy and time.monotonic() - quiet_since > 1.0

        until(quiet, limit, 0.1)
        return self.state()

    # --------------------------------------------------------------------------------- doing

    def group(self, name: str) -> int:
        return int((self.folder / name / "hanode.pid").read_text())

    def kill(self, name: str) -> float:
        """SIGKILL to the whole hanode of a node; the instant."""
        at = time.monotonic()
        os.killpg(self.group(name), signal.SIGKILL)
        return at

    def move(self, resource: str, node: str) -> None:
        """By the operator's command, waiting for it."""
        subprocess.run(
            self.command("resource", "move", resource, node, "--wait"),
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def command(self, *words: str) -> list[str]:
        """`hanode WORDS` on the first node."""
        config = self.folder / self.names[0] / "hanode.toml"
        return [sys.executable, "-m", "hanode", "--config", str(config), *words]


def until(condition: Callable[[], bool], limit: float, gap: float = GAP) -> float:
    """The instant at which it first held."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit} s in vain")
        time.sleep(gap)
    return time.monotonic()

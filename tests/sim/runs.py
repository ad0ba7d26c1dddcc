"""One agent process: what is asked of it, of which resource, and how its class says the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hanode.effects import Spawn

Report = Callable[[Any], None]
NOT_RUNNING, PROMOTED = 7, 8
PARAMETERS = ("state", "fake")
_LSB_STATUS = {0: 0, PROMOTED: 0, NOT_RUNNING: 3}
POSITIONAL = ("lsb", "heartbeat")
"""Called by a verb, which comes last; they say `status` for monitor."""


@dataclass(slots=True, eq=False)
class Run:
    spawn: Spawn
    pid: int
    report: Report
    began: float
    dead: bool = False
    doomed: bool = False
    """SIGKILL is pending, in a sleep that nothing interrupts: it does nothing more."""
    moved: bool = False
    """A migration: the service has reached the other machine."""
    kind: str = field(init=False)
    """ocf, machine (systemd, service), lsb, heartbeat; fence, plugin (of cluster-glue)."""
    task: str = field(init=False)
    resource: str = field(init=False)

    def __post_init__(self) -> None:
        self.kind = _kind(self.spawn.argv)
        self.task = self._task()
        self.resource = self.spawn.env.get("HANODE_RESOURCE", "").partition(":")[2]

    @property
    def mark(self) -> str:
        return self.spawn.env.get("HANODE_OPERATION", "")

    @property
    def stdin(self) -> dict[str, str]:
        lines = (line.partition("=") for line in self.spawn.stdin.decode().splitlines())
        return {name: value for name, _, value in lines}

    @property
    def given(self) -> dict[str, str]:
        """The parameters that it was called with."""
        named = ((name, self.spawn.env.get(f"OCF_RESKEY_{name}")) for name in PARAMETERS)
        return {name: value for name, value in named if value is not None}

    @property
    def told(self) -> dict[str, str]:
        """What the cluster tells it beside its parameters."""
        return self.spawn.env

    @property
    def probes(self) -> bool:
        interval = self.spawn.env.get("OCF_RESKEY_CRM_meta_interval", "0")
        return self.task == "monitor" and interval == "0"

    @property
    def fences(self) -> bool:
        return self.kind in ("fence", "plugin")

    @property
    def agent(self) -> str:
        """The name of its file."""
        return self.spawn.argv[0].rpartition("/")[2]

    def answer(self, rc: int) -> tuple[int, bytes]:
        """An OCF exit code in the words of its class: exit code and output."""
        if self.task == "monitor" and self.kind == "lsb":
            return _LSB_STATUS.get(rc, 4), b""
        if self.task == "monitor" and self.kind == "heartbeat":
            if rc == 1:
                return 42, b""  # 1 would say that it is not running
            return rc, b"stopped" if rc == NOT_RUNNING else b"running" if rc == 0 else b""
        return rc, b""

    def _task(self) -> str:
        argv = self.spawn.argv
        if self.kind == "fence":
            return self.stdin.get("action", "")
        if self.kind == "plugin":
            return argv[argv.index("-T") + 1] if "-T" in argv else "status"
        if self.kind in POSITIONAL:
            return "monitor" if argv[-1] == "status" else argv[-1]
        return argv[2 if self.kind == "machine" else 1]


def _kind(argv: tuple[str, ...]) -> str:
    if len(argv) == 1:
        return "fence"
    places = (
        ("/lib/machine_service", "machine"), ("/etc/init.d/", "lsb"),
        ("/etc/ha.d/resource.d/", "heartbeat"), ("/usr/sbin/stonith", "plugin"),
    )  # fmt: skip
    return next((kind for place, kind in places if place in argv[0]), "ocf")

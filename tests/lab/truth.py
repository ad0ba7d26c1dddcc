"""What really runs, read from the hosts' processes; no node's belief comes in.

A service of the lab's configuration is one sleeping process (agents/lib/held_process.sh), which
bears its resource's name in its environment; a promotable one's role stands in its state file.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import NamedTuple

from tests.lab.hosts import Host, Lab
from tests.sim.scenery import EXCLUSIVE, PROMOTABLE

HELD = b"sleep\x002147483647\x00"
MARK = b"\0HANODE_RESOURCE="
LOOK_EVERY = 0.02


class Service(NamedTuple):
    """One running service."""

    resource: str
    host: str
    pid: int
    promoted: bool


def services(host: Host) -> list[Service]:
    """All on one host, at this moment."""
    found = []
    for pid in host.processes():
        resource = _resource(pid)
        if resource:
            promoted = resource == PROMOTABLE and _promoted(host)
            found.append(Service(resource, host.name, pid, promoted))
    return found


class Watch(threading.Thread):
    """Looks all the time, and keeps what must never be: one resource active on two hosts."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(name="lab-watch", daemon=True)
        self.twice: dict[str, float] = {}
        """By resource: for how many seconds, as far as looking shows."""
        self.looks = 0
        self._lab = lab
        self._over = threading.Event()

    def run(self) -> None:
        before = time.monotonic()
        while not self._over.wait(LOOK_EVERY):
            active: dict[str, set[str]] = {}
            for host in self._lab.hosts:
                for service in services(host):
                    if service.resource in EXCLUSIVE or service.promoted:
                        active.setdefault(service.resource, set()).add(host.name)
            now = time.monotonic()
            for resource, hosts in active.items():
                if len(hosts) > 1:
                    self.twice[resource] = self.twice.get(resource, 0.0) + now - before
            self.looks, before = self.looks + 1, now

    def end(self) -> None:
        self._over.set()
        self.join(5)


def _resource(pid: int) -> str:
    """Whose service this process is; empty if it is none (or gone)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            if file.read(len(HELD) + 1) != HELD:
                return ""
        with open(f"/proc/{pid}/environ", "rb") as file:
            marked = (b"\0" + file.read()).partition(MARK)[2].partition(b"\0")[0]
    except OSError:
        return ""
    return marked.decode().rpartition(":")[2]


def _promoted(host: Host) -> bool:
    state = _state_file(host, PROMOTABLE, "Stateful")
    try:
        return state.read_text().split()[2:] == ["Promoted"]
    except OSError:
        return False


def _state_file(host: Host, resource: str, agent: str) -> Path:
    return host.root(f"run/resource-agents/{agent}-{resource}.state")

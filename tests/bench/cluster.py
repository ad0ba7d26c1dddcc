"""A cluster of real hosts to measure: the lab's, with the simulator's resources on it (root)."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hanode.state import ClusterState
from tests.bench.asking import Line, Unanswered
from tests.lab import trouble, truth
from tests.lab.commands import wait
from tests.lab.founding import Kind, furnish
from tests.lab.hosts import Host, Lab
from tests.lab.stage import configuration
from tests.stories.teller import options

PATIENCE = 180.0


class NotRoot(Exception):  # noqa: N818 - what the measurement needs
    """Hosts are made of namespaces."""


class Cluster:
    """The hosts, and questions to them."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.hosts = lab.hosts

    def start(self) -> None:
        """Power for everybody at once."""
        for host in self.hosts:
            host.on()

    def state(self, host: Host) -> ClusterState | None:
        """As this host's crm knows it."""
        try:
            with Line(host.root("run/hanode/console.sock")) as line:
                return line.state()
        except Unanswered:
            return None

    def newest(self) -> ClusterState:
        """As those know it who know most: one that has just come back is behind."""
        found = (self.state(host) for host in self.hosts if host.state == "on")
        known = (state for state in found if state is not None)
        return max(known, key=lambda state: state.position, default=ClusterState())

    def online(self, host: Host) -> int:
        """How many are online, as this host knows it, if there is a DC."""
        state = self.state(host)
        if state is None or not state.dc:
            return 0
        return sum(node.online for node in state.nodes.values())

    def settle(self) -> ClusterState:
        """All online, nothing under way, p1 running; rest for a second."""
        quiet = [-1, 0.0]

        def rests() -> bool:
            state = self.newest()
            busy = (
                state.transition is not None
                or state.intents
                or sum(node.online for node in state.nodes.values()) < len(self.hosts)
                or len(self.where("p1")) != 1
            )
            if busy or state.basis != quiet[0]:
                quiet[:] = [state.basis, time.monotonic()]
            return not busy and time.monotonic() - quiet[1] > 1.0

        wait(rests, PATIENCE, 0.25)
        return self.newest()

    def where(self, resource: str, among: list[Host] | None = None) -> list[Host]:
        """The hosts on which it really runs."""
        hosts = self.hosts if among is None else among
        return [h for h in hosts if any(s.resource == resource for s in truth.services(h))]

    def put(self, resource: str, host: Host) -> None:
        """Have it there, and nothing left that holds it."""
        if self.where(resource) != [host]:
            host("hanode", "resource", "move", resource, host.name, "--wait")
            host("hanode", "resource", "clear", resource, "--wait")
            wait(lambda: self.where(resource) == [host], 30)

    def cpu(self, host: Host) -> float:
        """Seconds of a processor that all of the host's hanode has had, agents too."""
        home = next(h for h in host.cgroups if (h / "cpuacct.usage").exists())
        return int((home / "cpuacct.usage").read_text()) / 1e9

    def memory(self, host: Host) -> float:
        """PSS of its hanode's processes, MB."""
        return sum(_pss(pid) for pid in trouble.parts(host).values())


@contextmanager
def cluster(nodes: int, fencing: bool = True, **kind: object) -> Iterator[Cluster]:
    """Members of one cluster, without power yet. Raises NotRoot."""
    if os.geteuid() != 0:
        raise NotRoot("makes hosts out of namespaces; run it as root")
    with Lab(nodes, powered=False) as lab:
        furnish(lab, configuration(lab, options(1, str(nodes)), fencing), Kind(**kind))  # type: ignore[arg-type]
        yield Cluster(lab)


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0

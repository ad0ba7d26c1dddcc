"""For how long a client that polls without pause is left unanswered, in each cluster of
`hanode init --like`, by each trouble: `python -m tests lab outages [KIND...]` prints the table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.lab.client import Client, holds
from tests.lab.cluster import at_rest, online
from tests.lab.hosts import Host, Lab, wait
from tests.lab.likes import ADDRESSES, NODES, found, port_of

KINDS = {
    "active-passive": "www", "active-active": "address-1", "n-plus-m": "service-1",
    "n-to-n": "service-1",
}  # fmt: skip
"""Each with the resource that is asked, and moved."""
TAKEOVER = 90.0


@dataclass(frozen=True, slots=True)
class Outage:
    """What the client saw of one trouble."""

    kind: str
    trouble: str
    longest: float
    """Seconds between two answers."""
    twice: int
    """Moments with two answers: looks that found the address on more than one host."""
    moved: bool


class Cluster:
    """One of these kinds, on three hosts."""

    def __init__(self, lab: Lab, kind: str) -> None:
        self.lab, self.kind = lab, kind
        self.unit, self.address, self.port = KINDS[kind], ADDRESSES[0], port_of(kind, 1)
        found(lab, kind)
        wait(lambda: self.holder is not None, TAKEOVER)

    @property
    def holder(self) -> Host | None:
        holders = [host for host in self.lab.hosts if holds(host.init, self.address)]
        return holders[0] if len(holders) == 1 else None

    def suffer(self, trouble: str) -> Outage:
        """While a client polls, until it is answered again and all nodes are back."""
        victim = self.holder
        assert victim is not None
        with Client(self.lab, self.address, self.port) as client:
            wait(lambda: bool(client.answers), TAKEOVER)
            TROUBLES[trouble](self, victim)
            before = sum(client.answers.values())
            wait(lambda: sum(client.answers.values()) > before + 5, TAKEOVER)
            turns = list(client.turns)
        wait(lambda: self._all_back(), 120, 0.2)
        wait(lambda: at_rest(self.lab.hosts[0]), 120)
        return Outage(self.kind, trouble, client.longest, client.twice, len(turns) > 1)

    def _all_back(self) -> bool:
        survivor = next(host for host in self.lab.hosts if host.init)
        return online(survivor) == set(NODES) and self.holder is not None

    # ------------------------------------------------------------------------------- the troubles

    def move(self, victim: Host) -> None:
        target = next(name for name in NODES if name != victim.name)
        self.lab.hosts[0]("hanode", "resource", "move", self.unit, target, "--wait")
        self.lab.hosts[0]("hanode", "resource", "clear", self.unit)

    def crash_service(self, victim: Host) -> None:
        name = "nginx" if self.kind.startswith("active") else "service-1"
        server = victim("cat", f"/run/{name}.pid").strip()
        # its workers after it: it would start another, which keeps the port from the next server
        victim("sh", "-c", f"p={server}; kill -9 $p $(pgrep -P $p)")

        def another() -> bool:
            holder = self.holder
            if holder is None or holder.answers(self.port) != holder.name:
                return False
            return holder is not victim or victim("cat", f"/run/{name}.pid").strip() != server

        wait(another, TAKEOVER, 0.1)

    def crash_node(self, victim: Host) -> None:
        victim.crash()
        wait(lambda: self.holder not in (None, victim), TAKEOVER)

    def cut_off(self, victim: Host) -> None:
        victim.cable(plugged=False)
        wait(lambda: self.holder not in (None, victim), TAKEOVER)
        victim.cable(plugged=True)


TROUBLES: dict[str, Callable[[Cluster, Host], None]] = {
    "planned move": Cluster.move,
    "service crash": Cluster.crash_service,
    "node death": Cluster.crash_node,
    "network cut": Cluster.cut_off,
}


def main(kinds: Sequence[str]) -> int:
    """Print a line when it is known; whoever can't wait sees how far it is."""
    print("| cluster | " + " | ".join(TROUBLES) + " | two at once |")
    print("|---" * (len(TROUBLES) + 2) + "|")
    bad = 0
    for kind in kinds or KINDS:
        with Lab(3) as lab:
            cluster = Cluster(lab, kind)
            seen = [cluster.suffer(trouble) for trouble in TROUBLES]
        twice = sum(outage.twice for outage in seen)
        bad += twice
        cells = " | ".join(f"{outage.longest:.2f} s" for outage in seen)
        print(f"| {kind} | {cells} | {twice} |")
        sys.stdout.flush()
    return 1 if bad else 0

"""A node of three dies: how long until what it ran runs elsewhere, fencing in the path (root).

`no hint`: its link goes first, then everything on it; nothing tells the others, no closed
connection, no refused port, only silence. `hint`: its hanode is killed, the machine lives on with
its services. Times are read from the hosts' processes.
"""

from __future__ import annotations

import random
import time

from tests.bench.cluster import Cluster, NotRoot, cluster
from tests.bench.peers import Peer
from tests.bench.table import Row, percentile, spread, table
from tests.lab import trouble
from tests.lab.commands import wait
from tests.lab.hosts import Host

BARE_METAL = (
    ("keepalive", "50ms"), ("warntime", "150ms"), ("deadtime", "300ms"), ("initdead", "5s"),
)  # fmt: skip


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """At default timing."""
    try:
        with cluster(3) as hosts:
            hosts.start()
            rows = [
                *_rows("no hint, not DC", _deaths(hosts, repetitions, False, False), peer.failover),
                *_rows("no hint, DC", _deaths(hosts, repetitions, True, False), peer.failover_dc),
                *_rows("hint, not DC", _deaths(hosts, repetitions, False, True), None),
                *_rows("hint, DC", _deaths(hosts, repetitions, True, True), None),
            ]
    except NotRoot as why:
        return f"hosts: {why}"
    return table("a node's death to its service elsewhere, fencing in the path", rows)


def measure_bare_metal(repetitions: int, port: int, peer: Peer) -> str:
    """The preset: keepalive 50 ms, deadtime 300 ms."""
    try:
        with cluster(3, timing=BARE_METAL) as hosts:
            hosts.start()
            rows = [
                *_rows("no hint, not DC", _deaths(hosts, repetitions, False, False), None),
                *_rows("no hint, DC", _deaths(hosts, repetitions, True, False), None),
            ]
    except NotRoot as why:
        return f"bare-metal: {why}"
    return table("the same with the preset bare-metal (50 ms, 300 ms)", rows)


def _rows(name: str, times: list[float], peer: tuple[float, float, float] | None) -> list[Row]:
    high = percentile(times, 99)
    return [
        Row(f"{name} ({len(times)} runs)", spread(times), peer),
        Row("  99th percentile", (high, high, high)),
    ]


def _deaths(hosts: Cluster, repetitions: int, dc: bool, hint: bool) -> list[float]:
    return [_one(hosts, dc, hint) for _ in range(repetitions)]


def _one(hosts: Cluster, dc: bool, hint: bool) -> float:
    leader = hosts.settle().dc
    victim = random.choice([host for host in hosts.hosts if (host.name == leader) == dc])
    hosts.put("p1", victim)
    hosts.settle()
    left = [host for host in hosts.hosts if host is not victim]
    time.sleep(random.uniform(0, 0.5))
    start = time.monotonic()
    _end(victim, hint)
    wait(lambda: bool(hosts.where("p1", left)), 60, 0.004)
    took = time.monotonic() - start
    print(f"  {victim.name} died ({'DC' if dc else 'not DC'}): {took:.3f} s", flush=True)
    victim.cable(plugged=True)
    return took


def _end(victim: Host, hint: bool) -> None:
    if hint:
        trouble.signal_parts(victim, "KILL", "")
    else:
        victim.cable(plugged=False)
        victim.crash()

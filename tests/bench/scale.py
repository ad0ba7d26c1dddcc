"""Sixteen and thirty-two real nodes on this machine: forming, one node's death, and what idling
costs (root)."""

from __future__ import annotations

import statistics
import time

from tests.bench.cluster import Cluster, cluster
from tests.bench.peers import Peer
from tests.bench.table import Row, table
from tests.lab.commands import wait

SIZES = (16, 32)
FORMED = {16: 33.0}
DEATH = {16: 28.0}
"""The peer's seconds; at 32 nodes it did not form."""
IDLE = 20.0
PAUSE = 5.0


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table for each size."""
    return "\n".join(one(size, repetitions) for size in SIZES)


def one(size: int, repetitions: int) -> str:
    with cluster(size) as hosts:
        began = time.monotonic()
        hosts.start()
        powered = time.monotonic() - began
        wait(lambda: hosts.online(hosts.hosts[0]) == size, 180, 0.25)
        formed = time.monotonic() - began
        print(f"  {size} nodes: powered {powered:.1f} s, formed {formed:.1f} s", flush=True)
        hosts.settle()
        time.sleep(PAUSE)
        cpu, memory = idle(hosts)
        print(f"  idle: {cpu:.2f} % of a core, {memory:.0f} MB a node", flush=True)
        deaths = {dc: [_death(hosts, dc) for _ in range(repetitions)] for dc in (False, True)}
    rows = [
        Row("power to all online", (formed,) * 3, _three(FORMED.get(size))),
        Row("one node's death", _spread(deaths[False]), _three(DEATH.get(size))),
        Row("the DC's death", _spread(deaths[True])),
        Row("CPU of a node", (cpu,) * 3, None, "%"),
        Row("memory of a node (PSS)", (memory,) * 3, None, "MB"),
    ]
    return table(f"{size} nodes", rows)


def idle(hosts: Cluster) -> tuple[float, float]:
    """Of the median node: percent of a core, and MB."""
    before = [hosts.cpu(host) for host in hosts.hosts]
    time.sleep(IDLE)
    spent = [hosts.cpu(host) - was for host, was in zip(hosts.hosts, before, strict=True)]
    memory = [hosts.memory(host) for host in hosts.hosts]
    return statistics.median(spent) / IDLE * 100, statistics.median(memory)


def _death(hosts: Cluster, dc: bool) -> float:
    """From the last sign of life to the service on another node."""
    leader = hosts.settle().dc
    victim = next(host for host in hosts.hosts if (host.name == leader) == dc)
    hosts.put("p1", victim)
    hosts.settle()
    left = [host for host in hosts.hosts if host is not victim]
    start = time.monotonic()
    victim.cable(plugged=False)
    victim.crash()
    wait(lambda: bool(hosts.where("p1", left)), 120, 0.01)
    took = time.monotonic() - start
    print(f"  {victim.name} died ({'DC' if dc else 'not DC'}): {took:.3f} s", flush=True)
    victim.cable(plugged=True)
    return took


def _three(value: float | None) -> tuple[float, float, float] | None:
    return None if value is None else (value,) * 3


def _spread(values: list[float]) -> tuple[float, float, float]:
    return min(values), statistics.median(values), max(values)

"""Five hundred events a second for a minute: how soon each is committed, whether the cadence of
the heartbeats moves (root). Before that, one at a time."""

from __future__ import annotations

import time

from hanode.events import AttributeSet
from hanode.mgmt.protocol import Denied, Done
from tests.bench.asking import Line
from tests.bench.beats import Beats
from tests.bench.cluster import Cluster, NotRoot, cluster
from tests.bench.peers import Peer
from tests.bench.table import Row, percentile, spread, table

RATE, SECONDS, ALONE = 500, 60.0, 200
LAST_WORDS = 10.0


def measure(repetitions: int, port: int, peer: Peer) -> str:
    try:
        with cluster(3) as hosts:
            hosts.start()
            leader = hosts.settle().dc
            host = next(host for host in hosts.hosts if host.name == leader)
            beats = Beats(hosts.lab)
            with Line(host.root("run/hanode/console.sock")) as line:
                alone = _alone(line)
                beats.start()
                times, denied, took = _storm(line)
                beats.end()
            cpu = _busy(hosts)
    except NotRoot as why:
        return f"events: {why}"
    rows = [
        Row("commit of one event, alone", spread(alone)),
        Row("  99th percentile", (percentile(alone, 99),) * 3),
        Row(f"commit at {len(times) / took:.0f} events/s", spread(times)),
        Row("  99th percentile", (percentile(times, 99),) * 3),
        Row("longest gap between heartbeats", spread(list(beats.longest.values()))),
        Row("CPU a node had in all", spread(cpu)),
    ]
    return table(f"{len(times)} events in {took:.1f} s, {denied} denied", rows)


def _alone(line: Line) -> list[float]:
    times = []
    for number in range(ALONE):
        start = time.monotonic()
        line.order(AttributeSet("n1", "bench", str(number)))
        times.append(time.monotonic() - start)
    return times


def _storm(line: Line) -> tuple[list[float], int, float]:
    """At a fixed rate, whatever comes back; seconds until each was committed."""
    asked: dict[int, float] = {}
    times: list[float] = []
    denied = sent = 0
    start = time.monotonic()
    while (now := time.monotonic()) < start + SECONDS + LAST_WORDS:
        while now < start + SECONDS and sent < (now - start) * RATE:
            number = line.begin(AttributeSet("n1", f"bench{sent % 10}", str(sent)))
            asked[number] = time.monotonic()
            sent += 1
        if now > start + SECONDS and not asked:
            break
        for answer in line.answers(0.002):
            if isinstance(answer, Done | Denied) and answer.number in asked:
                began = asked.pop(answer.number)
                if isinstance(answer, Done):
                    times.append(time.monotonic() - began)
                else:
                    denied += 1
    return times, denied + len(asked), min(SECONDS, time.monotonic() - start)


def _busy(hosts: Cluster) -> list[float]:
    return [hosts.cpu(host) for host in hosts.hosts]

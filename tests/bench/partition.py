"""Never twice even without fencing: one of three is cut off, again and again (root).

Seconds after the cut: when the lonely node has stopped its service, when another runs it, and for
how long it was active on both, as far as looking every few milliseconds shows.
"""

from __future__ import annotations

import random
import time
from typing import NamedTuple

from tests.bench.cluster import Cluster, NotRoot, cluster
from tests.bench.peers import Peer
from tests.bench.table import Row, spread, table
from tests.lab.commands import wait

GAP = 0.004
LIMIT = 60.0
PEER_STOPPED, PEER_RUNNING, PEER_BOTH = (9.01, 9.02, 9.09), (8.11, 8.17, 9.13), (0.0, 0.7, 1.0)


class Cut(NamedTuple):
    stopped: float
    running: float
    both: float


def measure(repetitions: int, port: int, peer: Peer) -> str:
    try:
        with cluster(3, fencing=False) as hosts:
            hosts.start()
            cuts = [_one(hosts) for _ in range(repetitions)]
    except NotRoot as why:
        return f"partition: {why}"
    rows = [
        Row("the lonely node has stopped", spread([cut.stopped for cut in cuts]), PEER_STOPPED),
        Row("the others run it", spread([cut.running for cut in cuts]), PEER_RUNNING),
        Row("active on both", spread([cut.both for cut in cuts]), PEER_BOTH),
    ]
    twice = sum(cut.both > 0 for cut in cuts)
    return table(f"{len(cuts)} partitions without fencing, active on both in {twice}", rows)


def _one(hosts: Cluster) -> Cut:
    hosts.settle()
    (lonely,) = hosts.where("p1")
    left = [host for host in hosts.hosts if host is not lonely]
    time.sleep(random.uniform(0, 0.5))
    start = time.monotonic()
    hosts.lab.wiring.part((lonely.name,), tuple(host.name for host in left))
    stopped = running = last_there = 0.0
    while not (stopped and running) and time.monotonic() < start + LIMIT:
        there, here = hosts.where("p1", [lonely]), hosts.where("p1", left)
        now = time.monotonic() - start
        if there:
            last_there = now
        elif not stopped:
            stopped = now
        if here and not running:
            running = now
        time.sleep(GAP)
    both = max(0.0, last_there - running) if running else 0.0
    print(f"  stopped {stopped:.3f}, running {running:.3f}, both {both:.3f} s", flush=True)
    hosts.lab.wiring.heal()
    wait(lambda: hosts.online(left[0]) == len(hosts.hosts), 60, 0.25)
    return Cut(stopped, running, both)

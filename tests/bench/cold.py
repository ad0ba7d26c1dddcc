"""Cold start of three real nodes: from power to all online with a DC (root)."""

from __future__ import annotations

import time

from tests.bench.cluster import NotRoot, cluster
from tests.bench.peers import Peer
from tests.bench.table import Row, spread, table
from tests.lab.commands import wait


def measure(repetitions: int, port: int, peer: Peer) -> str:
    times, served = [], []
    try:
        for _ in range(repetitions):
            with cluster(3) as hosts:
                began = time.monotonic()
                hosts.start()
                wait(lambda: hosts.online(hosts.hosts[0]) == 3, 60, 0.05)
                times.append(time.monotonic() - began)
                wait(lambda: bool(hosts.where("p1")), 60, 0.01)
                served.append(time.monotonic() - began)
                print(f"  online {times[-1]:.2f} s, p1 runs {served[-1]:.2f} s", flush=True)
    except NotRoot as why:
        return f"cold: {why}"
    rows = [
        Row("power to all online with a DC", spread(times), peer.start),
        Row("power to the first service", spread(served)),
    ]
    return table("cold start of three nodes", rows)

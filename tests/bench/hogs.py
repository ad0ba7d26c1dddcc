"""Eight busy processes for each core beside three nodes, for minutes: nobody is evicted (root)."""

from __future__ import annotations

import multiprocessing
import os
import time

from tests.bench.beats import Beats
from tests.bench.cluster import NotRoot, cluster
from tests.bench.peers import Peer
from tests.bench.table import Row, spread, table

HOGS_PER_CORE = 8
MINUTES = float(os.environ.get("HANODE_BENCH_MINUTES", "5"))


def measure(repetitions: int, port: int, peer: Peer) -> str:
    try:
        with cluster(3) as hosts:
            hosts.start()
            before = hosts.settle()
            hogs = _hogs()
            beats = Beats(hosts.lab)
            beats.start()
            time.sleep(MINUTES * 60)
            beats.end()
            for hog in hogs:
                hog.kill()
                hog.join()
            after = hosts.settle()
    except NotRoot as why:
        return f"hogs: {why}"
    offs = hosts.lab.switch.offs
    terms = after.term - before.term
    rows = [Row("longest gap between heartbeats", spread(list(beats.longest.values())))]
    title = (
        f"{len(hogs)} busy processes for {MINUTES:g} min: fenced {offs or 'nobody'}, "
        f"{terms} new DCs"
    )
    return table(title, rows)


def _hogs() -> list[multiprocessing.Process]:
    hogs = [
        multiprocessing.Process(target=_burn, daemon=True)
        for _ in range(HOGS_PER_CORE * (os.cpu_count() or 1))
    ]
    for hog in hogs:
        hog.start()
    return hogs


def _burn() -> None:
    while True:
        pass

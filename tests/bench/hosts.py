"""A whole host dies, its link first: the same deed that the peer's figures are of (root).

Nothing tells the others: no closed connection, no refused port, only silence.
"""

from __future__ import annotations

import os
import random
import time

from tests.bench.peers import Peer
from tests.bench.table import Row, spread, table
from tests.lab.cluster import WEB, dc, found, online
from tests.lab.hosts import Host, Lab, wait


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table of both cases: the node was DC, and it was not."""
    if os.geteuid() != 0:
        return "hosts: makes hosts out of namespaces; run it as root"
    rows = []
    with Lab(3) as lab:
        found(lab)
        lab.hosts[0]("hanode", "property", "set", "hanode-fencing-limit=1000")
        for case, theirs in (("not DC", peer.failover), ("DC", peer.failover_dc)):
            times = [_one(lab, case == "DC") for _ in range(repetitions)]
            rows.append(Row(f"host death, {case}", spread(times), theirs))
    return table("failover of real hosts, fencing in the path", rows)


def _one(lab: Lab, of_dc: bool) -> float:
    victim = _put(lab, of_dc)
    left = [host for host in lab.hosts if host is not victim]
    time.sleep(random.uniform(0, 1.5))
    start = time.monotonic()
    victim.cable(plugged=False)
    victim.crash()
    wait(lambda: any(host.answers(WEB) for host in left), 60, 0.002)
    took = time.monotonic() - start
    print(f"  {victim.name} died ({'DC' if of_dc else 'not DC'}): {took:.3f} s", flush=True)
    victim.cable(plugged=True)
    wait(lambda: online(left[0]) == {host.name for host in lab.hosts}, 60, 0.2)
    return took


def _put(lab: Lab, of_dc: bool) -> Host:
    """Have the service on a host that is DC, or is not."""
    first = lab.hosts[0]
    wait(lambda: dc(first) != "", 30, 0.2)
    leads = dc(first)
    target = random.choice([h for h in lab.hosts if (h.name == leads) == of_dc])
    first("hanode", "resource", "move", "web", target.name, "--wait")
    first("hanode", "resource", "clear", "web", "--wait")
    wait(lambda: target.answers(WEB) == target.name, 30)
    return target

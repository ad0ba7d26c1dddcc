"""What Pacemaker with Corosync, at its defaults, takes for the same work.

The figures below are Pacemaker 2.1.5 and Corosync 3.1.7 on a machine like ours (min, median, max of
five or more runs), measured on another day. Where a peer lab is at hand, run it: then both sides
are of the same hour, and the ratio means something.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tests.bench.table import Spread


@dataclass(frozen=True, slots=True)
class Peer:
    """Seconds, unless the name says otherwise."""

    failover: Spread = (7.74, 8.38, 8.83)
    failover_dc: Spread = (9.29, 9.36, 9.49)
    move: Spread = (0.162, 0.181, 0.222)
    screen: Spread = (2.04, 2.06, 2.07)
    start: Spread = (23.47, 23.54, 23.57)
    memory_mb: Spread = (128.4, 129.3, 143.7)
    cpu_percent: Spread = (0.88, 0.91, 1.67)
    """Of a core, its agents with it: of the three nodes one runs a group with monitors."""
    dummy_start: Spread = (0.008, 0.045, 0.180)
    """Its executor's own exec-time of ocf:pacemaker:Dummy, 200 of them in a cluster of one; this
    and the next two were measured on a machine with a load of 18 on two cores."""
    dummy_monitor: Spread = (0.005, 0.039, 0.214)
    dummies: Spread = (44.48, 44.48, 44.48)


IDLE = "7_idle.n3_group_monitor_10s"
KEYS: dict[str, tuple[str, ...]] = {
    "failover": ("2_node_death.default.fence.member",),
    "failover_dc": ("2_node_death.default.fence.dc",),
    "move": ("3_move.running_at_target",),
    "start": ("1_cold_start.default",),
    "memory_mb": (IDLE, "pss_mib_per_node"),
    "cpu_percent": (IDLE, "cpu_s_per_60s_per_node"),
}
"""Where the lab's bench_pcmk.py writes them."""
STEPS = {"hosts": "failover:default.fence", "move": "move", "start": "cold", "idle": "idle"}
UNITS = {"cpu_percent": 100 / 60}
"""What one of the lab's is, in ours."""


def measured(lab: Path, what: list[str], repetitions: int) -> Peer:
    """Run the peer's own bench for these; the figures of today, the rest as they were."""
    steps = [STEPS[name] for name in what if name in STEPS]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        if steps:
            subprocess.run(
                [sys.executable, str(lab / "bench_pcmk.py"), "-r", str(repetitions), *steps],
                env={**os.environ, "LAB_OUT": str(out)},
                check=True,
            )
        found = json.loads(out.read_text()) if out.exists() else {}
    return Peer(**{name: _spread(name, found) for name in (field.name for field in fields(Peer))})


def _spread(name: str, found: dict[str, Any]) -> Spread:
    figure: Any = found
    for key in KEYS.get(name, ("",)):
        figure = figure.get(key, {})
    if not figure:
        known: Spread = getattr(Peer(), name)
        return known
    unit = UNITS.get(name, 1.0)
    return figure["min"] * unit, figure["median"] * unit, figure["max"] * unit

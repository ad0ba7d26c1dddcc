"""The policy engine beside the real crm_simulate, on the same files in the same minutes.

Cold: a process that reads a CIB file and prints what would be done. Live: the decision alone,
from the typed state that a node has anyway, after one event; the peer has only the cold way.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hanode.cib.document import parse
from hanode.pe.scheduler import schedule
from tests.bench.cibs import AT, Layout, cib_file
from tests.bench.peers import Peer
from tests.bench.table import Row, Spread, spread, table

SIZES = ((10, 3), (100, 8), (300, 8), (500, 16), (1000, 16), (5000, 16), (10_000, 64))
"""Resources and nodes; the last one only if asked for by `BENCH_LARGEST=1`."""
EVENTS: dict[str, Callable[[Layout], bytes]] = {
    "a resource failed": lambda layout: cib_file(layout, failed=_member(layout)),
    "a group is to move": lambda layout: cib_file(layout, moved=list(layout.groups)[1]),
    "a node is lost": lambda layout: cib_file(layout, lost=layout.nodes[1]),
}
LARGEST = "BENCH_LARGEST"
STOPWATCH = Path(__file__).with_name("stopwatch.py")


def _member(layout: Layout) -> str:
    """The second member of the second group."""
    return list(layout.groups.values())[1][1]


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """Tables of cold runs, of their memory, of live decisions."""
    program = shutil.which("crm_simulate")
    if program is None:
        return "decisions: crm_simulate is not here to be measured beside (pacemaker-cli-utils)"
    cold, memory, live = [], [], []
    with tempfile.TemporaryDirectory() as name:
        bench = _Bench(Path(name), program, repetitions)
        sizes = SIZES if os.environ.get(LARGEST) else SIZES[:-1]
        for resources, nodes in sizes:
            layout = Layout(resources, nodes)
            size = f"{resources} on {nodes}"
            for event, make in EVENTS.items():
                ours, theirs, decided = bench.one(make(layout))
                label = f"{size}, {event}"
                if event == "a node is lost":
                    cold.append(Row(label, ours[0], theirs[0]))
                    memory.append(Row(label, ours[1], theirs[1], "MB"))
                live.append(Row(label, decided, theirs[0]))
                print(f"  {label}: done", flush=True)
    return "\n\n".join(
        [
            table("cold: hanode simulate | crm_simulate -R, wall time", cold),
            table("cold: peak memory", memory),
            table("live: the decision from typed state | crm_simulate -R, wall time", live),
        ]
    )


class _Bench:
    """Runs both programs in turn, so that both have the same weather."""

    def __init__(self, folder: Path, program: str, repetitions: int) -> None:
        self.file = folder / "cib.xml"
        self.program = program
        self.repetitions = repetitions
        # As installed: with compiled modules, whatever this shell thinks of writing them.
        cache = {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self.env = {**kept, **cache}

    def one(self, cib: bytes) -> tuple[tuple[Spread, Spread], tuple[Spread, Spread], Spread]:
        """Ours and theirs as (seconds, MB), then our decision alone."""
        self.file.write_bytes(cib)
        mine = [sys.executable, "-P", "-m", "hanode.simulate", str(self.file)]
        theirs = [self.program, "-R", "-x", str(self.file)]
        self._run(mine)  # compiles the modules, once
        runs = [(self._run(mine), self._run(theirs)) for _ in range(self.repetitions)]
        ours = _spreads([run[0] for run in runs])
        return ours, _spreads([run[1] for run in runs]), self._decide(cib)

    def _run(self, command: list[str]) -> tuple[float, float]:
        """Seconds and peak memory, as a small process beside us sees them."""
        watched = [sys.executable, "-S", "-E", str(STOPWATCH), *command]
        told = subprocess.run(watched, env=self.env, capture_output=True, text=True, check=True)
        took, megabytes, code = map(float, told.stdout.split())
        if code:
            raise RuntimeError(f"{' '.join(command)} ended with {code:.0f}")
        return took, megabytes

    def _decide(self, cib: bytes) -> Spread:
        """As the PE's worker does it: garbage is collected between the questions."""
        state = parse(cib)
        times = []
        for _ in range(self.repetitions):
            gc.collect()
            gc.disable()
            begun = time.perf_counter()
            schedule(state, AT + 100.0)
            times.append(time.perf_counter() - begun)
            gc.enable()
        return spread(times)


def _spreads(runs: list[tuple[float, float]]) -> tuple[Spread, Spread]:
    return spread([run[0] for run in runs]), spread([run[1] for run in runs])

"""What a node costs while nothing happens: processor time and memory of all its processes."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.peers import Peer
from tests.bench.stage import Stage
from tests.bench.table import Row, spread, table

TICK = os.sysconf("SC_CLK_TCK")
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Process:
    """One of a node's own processes, at one moment."""

    part: str
    own_s: float
    """Processor time of itself."""
    children_s: float
    """Of the children that it has buried: agents, of the lrm."""
    pss_mb: float


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table over the nodes: hanode's own processes, not the services."""
    with Stage(port=port) as stage:
        stage.settle()
        before = {name: look(stage.group(name)) for name in stage.names}
        time.sleep(SECONDS)
        after = {name: look(stage.group(name)) for name in stage.names}
    own = [_percent(before[n], after[n], "own_s") for n in stage.names]
    agents = [_percent(before[n], after[n], "children_s") for n in stage.names]
    memory = [sum(process.pss_mb for process in after[n].values()) for n in stage.names]
    both = [mine + theirs for mine, theirs in zip(own, agents, strict=True)]
    rows = [
        Row("CPU of hanode itself", spread(own), None, "%"),
        Row("CPU of the agents it ran", spread(agents), None, "%"),
        Row("CPU of both", spread(both), peer.cpu_percent, "%"),
        Row("memory (PSS)", spread(memory), peer.memory_mb, "MB"),
    ]
    parts = [_parts(name, before[name], after[name]) for name in stage.names]
    return "\n".join([table(f"idle node, {SECONDS:.0f} s; spread over the nodes", rows), *parts])


def look(group: int) -> dict[int, Process]:
    """The processes of a process group, by id."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (process := _process(entry, group)) is not None:
            found[int(entry.name)] = process
    return found


def _process(entry: Path, group: int) -> Process | None:
    try:
        text = (entry / "stat").read_text()
        fields = text[text.rindex(")") + 2 :].split()
        if fields[2] != str(group):
            return None
        words = (entry / "cmdline").read_bytes().decode().split("\0")
        own = _on_cpu(entry)
        pss = re.search(r"^Pss:\s+(\d+) kB", (entry / "smaps_rollup").read_text(), re.MULTILINE)
    except OSError:  # it ended meanwhile
        return None
    part = next((w.rpartition(".")[2] for w in words if w.startswith("hanode")), words[0])
    children = sum(map(int, fields[13:15])) / TICK
    return Process(part, own, children, int(pss[1]) / 1024 if pss else 0.0)


def _on_cpu(entry: Path) -> float:
    """By the scheduler's own count (proc(5), schedstat): ticks, which sample, don't see who works
    for a tenth of one and sleeps again."""
    threads = (entry / "task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _percent(before: dict[int, Process], after: dict[int, Process], what: str) -> float:
    spent = sum(
        getattr(process, what) - getattr(before[pid], what)
        for pid, process in after.items()
        if pid in before
    )
    return float(spent) / SECONDS * 100


def _parts(name: str, before: dict[int, Process], after: dict[int, Process]) -> str:
    words = [
        f"{process.part} {process.pss_mb:.1f} MB "
        f"{_percent({pid: before[pid]}, {pid: process}, 'own_s'):.2f} %"
        for pid, process in after.items()
        if pid in before
    ]
    return f"  {name}: {', '.join(words)}"

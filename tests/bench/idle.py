"""What a node costs while nothing happens: processor time and memory of all its processes."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from tests.bench.peers import Peer
from tests.bench.stage import Stage
from tests.bench.table import Row, spread, table

TICK = os.sysconf("SC_CLK_TCK")


def measure(repetitions: int, port: int, peer: Peer, seconds: float = 30.0) -> str:
    """A table: every node, hanode's own processes (not the services, nor their agents)."""
    with Stage(port=port) as stage:
        stage.settle()
        before = {name: _spent(stage.group(name)) for name in stage.names}
        children = {name: _spent(stage.group(name), waited=True) for name in stage.names}
        time.sleep(seconds)
        own = [(_spent(stage.group(n)) - before[n]) / seconds * 100 for n in stage.names]
        agents = [
            (_spent(stage.group(n), waited=True) - children[n]) / seconds * 100 for n in stage.names
        ]
        memory = [sum(_memory(stage.group(n)).values()) for n in stage.names]
        parts = "\n".join(
            f"  {name}: " + ", ".join(f"{k} {v:.1f} MB" for k, v in _memory(group).items())
            for name in stage.names
            for group in (stage.group(name),)
        )
    rows = [
        Row("CPU of hanode itself", spread(own), peer.cpu_percent, "%"),
        Row("CPU of the agents it ran", spread(agents), None, "%"),
        Row("memory (PSS)", spread(memory), peer.memory_mb, "MB"),
    ]
    return table(f"idle node, {seconds:.0f} s; spread over the nodes", rows) + "\n" + parts


def _members(group: int) -> list[Path]:
    """The processes of a process group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _stat(entry)[2:3] == [str(group)]:
            found.append(entry)
    return found


def _stat(process: Path) -> list[str]:
    """Fields of /proc/PID/stat from the third (state) on; empty if it has ended."""
    try:
        text = (process / "stat").read_text()
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()


def _spent(group: int, waited: bool = False) -> float:
    """Seconds of processor time, of the processes themselves or of their buried children."""
    first = 13 if waited else 11
    return sum(
        (int(fields[first]) + int(fields[first + 1])) / TICK
        for process in _members(group)
        if (fields := _stat(process))
    )


def _memory(group: int) -> dict[str, float]:
    """Megabytes by process."""
    found: dict[str, float] = {}
    for process in _members(group):
        try:
            rollup = (process / "smaps_rollup").read_text()
            words = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        pss = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
        name = next((word for word in words[2:] if word and not word.startswith("-")), words[0])
        if pss is not None:
            found[f"{name} ({process.name})"] = int(pss[1]) / 1024
    return found

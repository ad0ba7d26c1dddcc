"""One agent's life on real hosts: started, watched, broken behind the cluster's back, recovered,
moved, stopped. `python -m tests lab agents [NAME...]` prints the table of all."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.agent_cases import CASES, Case
from tests.lab.cluster import members
from tests.lab.hosts import Host, Lab, wait

LIMIT = 60.0
COLUMNS = ("start", "monitor", "failure seen", "recovered", "move", "stop")


@dataclass(frozen=True, slots=True)
class Life:
    """Milliseconds of the agent's own (start, monitor, stop), and seconds until the cluster had
    seen the failure, had it running again, had it on the other node."""

    start: int
    monitor: int
    seen: float
    recovered: float
    move: float
    stop: int

    def cells(self) -> tuple[str, ...]:
        return (f"{self.start} ms", f"{self.monitor} ms", f"{self.seen:.1f} s",
                f"{self.recovered:.1f} s", f"{self.move:.1f} s", f"{self.stop} ms")  # fmt: skip


@contextmanager
def couple() -> Iterator[Lab]:
    """Two nodes, whose fencing is none of this matter."""
    with Lab(2) as lab:
        members(lab.hosts)
        lab.hosts[0]("hanode", "property", "set", "stonith-enabled=false", "--force")
        yield lab


def resource(host: Host, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(host("hanode", "resource", "--json"))
    return next(entry for entry in found if entry["id"] == name)


def done(host: Host, name: str, task: str) -> list[dict[str, Any]]:
    """What the log says of this operation, the last one last."""
    lines = host("hanode", "log", "-n", "500", "--json", "--kind", "OperationFinished")
    found = [json.loads(line) for line in lines.splitlines()]
    return [e for e in found if (e["resource"], e["task"]) == (name, task)]


def live(lab: Lab, name: str, case: Case) -> Life:
    """Raises TimeoutError or RuntimeError where it doesn't live so."""
    first = lab.hosts[0]
    for host in lab.hosts:
        _prepare(host, case)
    create = ("hanode", "resource", "create", name, case.agent, *case.parameters)
    first(*create, "op", "monitor", "interval=1s", "timeout=30s", "--wait")
    assert resource(first, name)["role"] == "Started"
    here = lab.host(resource(first, name)["nodes"][0])
    starts = len(done(first, name, "start"))
    broken = time.monotonic()
    here("sh", "-c", case.break_it)
    wait(lambda: _failed(first, name), LIMIT, 0.1)
    seen = time.monotonic() - broken
    wait(lambda: len(done(first, name, "start")) > starts, LIMIT, 0.1)
    wait(lambda: resource(first, name)["role"] == "Started", LIMIT, 0.1)
    recovered = time.monotonic() - broken
    move = _move(lab, first, name)
    first("hanode", "resource", "disable", name, "--wait")
    assert resource(first, name)["nodes"] == []
    took = {task: _took(done(first, name, task)) for task in ("start", "monitor", "stop")}
    first("hanode", "resource", "delete", name, "--yes", "--wait")
    return Life(took["start"], took["monitor"], seen, recovered, move, took["stop"])


def _prepare(host: Host, case: Case) -> None:
    for path, text in case.files.items():
        host("mkdir", "-p", str(Path(path).parent))
        host.root(path).write_text(text)
    for command in case.prepare:
        host("sh", "-c", command)


def _move(lab: Lab, first: Host, name: str) -> float:
    (before,) = resource(first, name)["nodes"]
    target = next(host.name for host in lab.hosts if host.name != before)
    began = time.monotonic()
    first("hanode", "resource", "move", name, target, "--wait")
    took = time.monotonic() - began
    assert resource(first, name)["nodes"] == [target]
    return took


def _failed(host: Host, name: str) -> bool:
    monitors = done(host, name, "monitor")
    return any(e["interval_ms"] and e["rc"] not in (0, 8) for e in monitors)


def _took(found: list[dict[str, Any]]) -> int:
    """Of the last one that went well."""
    return next((int(e["exec_ms"]) for e in reversed(found) if not e["rc"]), 0)


def main(names: Sequence[str]) -> int:
    print("| resource | agent | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    bad = 0
    with couple() as lab:
        for name in names or CASES:
            case = CASES[name]
            if case.needs and not Path(case.needs).exists():
                cells: tuple[str, ...] = (f"not here: {case.needs}",)
            else:
                cells, failed = _cells(lab, name, case)
                bad += failed
            print(f"| {name} | {case.agent} | {' | '.join(cells)} |")
            sys.stdout.flush()
    return 1 if bad else 0


def _cells(lab: Lab, name: str, case: Case) -> tuple[tuple[str, ...], bool]:
    try:
        return live(lab, name, case).cells(), False
    except (TimeoutError, RuntimeError, AssertionError) as error:
        lab.hosts[0]("hanode", "resource", "delete", name, "--yes", "--wait")
        return (f"FAILED: {str(error).splitlines()[-1][:80]}",), True

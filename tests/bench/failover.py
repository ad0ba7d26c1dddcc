"""A node's hanode is killed: how long until its service answers from another node.

The service itself lives on in the dark until the fencing has cut its power, so fencing is in the
path of every run.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from hanode.events import (
    DcElected,
    Event,
    FencingConfirmed,
    FencingIntended,
    OperationFinished,
    ViewAgreed,
)
from tests.bench.peers import Peer
from tests.bench.stage import Stage, until
from tests.bench.table import Row, spread, table

PHASES = ("elected", "lost", "intended", "confirmed", "started")


@dataclass(slots=True)
class Run:
    """One death."""

    total: float
    phases: dict[str, float] = field(default_factory=dict)
    """Seconds after the kill, by the log's wall clocks."""


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table of both cases: the node was DC, and it was not."""
    rows = []
    with Stage(port=port) as stage:
        for case, theirs in (("not DC", peer.failover), ("DC", peer.failover_dc)):
            runs = [_one(stage, case == "DC") for _ in range(repetitions)]
            rows.append(Row(f"node death, {case}", spread([run.total for run in runs]), theirs))
            for phase in PHASES:
                seen = [run.phases[phase] for run in runs if phase in run.phases]
                if seen:
                    rows.append(Row(f"  of it: {phase} after", spread(seen)))
    return table("failover, fencing in the path", rows)


def _one(stage: Stage, dc: bool) -> Run:
    victim, before = _put(stage, dc)
    time.sleep(random.uniform(0, 1.5))
    wall = time.time()
    killed = stage.kill(victim)
    answered = until(lambda: stage.web_on() not in ("", victim), 60.0)
    run = Run(answered - killed)
    print(f"  {victim} killed ({'DC' if dc else 'not DC'}): {run.total:.3f} s", flush=True)
    stage.settle()
    with stage.line() as line:
        for entry in line.entries(before + 1):
            statement, event = entry.signed.open()
            phase = _phase(event, victim)
            if phase and phase not in run.phases:
                run.phases[phase] = statement.at - wall
    return run


def _put(stage: Stage, dc: bool) -> tuple[str, int]:
    """Have the service on a node that is DC, or is not; that node and the log's length."""
    state = stage.settle()
    if (stage.web_on() == state.dc) != dc:
        others = [name for name in stage.names if (name == state.dc) == dc]
        stage.move("web", random.choice(others))
        state = stage.settle()
    return stage.web_on(), state.position.index


def _phase(event: Event, victim: str) -> str:
    match event:
        case DcElected():
            return "elected"
        case ViewAgreed() if victim not in dict(event.present):
            return "lost"
        case FencingIntended() if event.target == victim:
            return "intended"
        case FencingConfirmed() if event.target == victim:
            return "confirmed"
        case OperationFinished(resource="web", task="start", rc=0):
            return "started"
    return ""

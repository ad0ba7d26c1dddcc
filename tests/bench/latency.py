"""A real change of the service: how much later a console that is attached knows of it."""

from __future__ import annotations

import random
import subprocess
import threading
import time

from hanode.events import OperationFinished
from hanode.mgmt.session import Mirror
from tests.bench.asking import Line
from tests.bench.peers import Peer
from tests.bench.stage import Stage, until
from tests.bench.table import Row, spread, table


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table of one row."""
    with Stage(port=port) as stage:
        times = [_one(stage) for _ in range(repetitions)]
    return table(
        "event to console", [Row("service answers -> console knows", spread(times), peer.screen)]
    )


def _one(stage: Stage) -> float:
    stage.settle()
    here = stage.web_on()
    target = random.choice([name for name in stage.names if name != here])
    seen: list[float] = []
    with stage.line(target) as line:
        mirror = Mirror()
        line.subscribe(mirror)
        console = threading.Thread(target=_watch, args=(line, mirror, target, seen))
        console.start()
        command = subprocess.Popen(
            stage.command("resource", "move", "web", target), stdout=subprocess.DEVNULL
        )
        answered = until(lambda: stage.web_on() == target, 30.0)
        console.join(30)
        command.wait(30)
    print(f"  web on {target}: known {seen[0] - answered:+.3f} s after", flush=True)
    return seen[0] - answered


def _watch(line: Line, mirror: Mirror, target: str, seen: list[float]) -> None:
    """Until the mirror has the service's start on `target`."""
    end = time.monotonic() + 30.0
    while time.monotonic() < end:
        for news in line.follow(mirror, 1.0):
            match news.event:
                case OperationFinished(resource="web", task="start", node=node) if node == target:
                    seen.append(time.monotonic())
                    return

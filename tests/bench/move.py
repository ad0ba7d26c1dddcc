"""An operator moves the service: from the command's start until it answers at its new place."""

from __future__ import annotations

import random
import subprocess
import time

from tests.bench.peers import Peer
from tests.bench.stage import Stage, until
from tests.bench.table import Row, spread, table


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table of one row."""
    with Stage(port=port) as stage:
        times = [_one(stage) for _ in range(repetitions)]
    return table("move", [Row("command to running", spread(times), peer.move)])


def _one(stage: Stage) -> float:
    stage.settle()
    here = stage.web_on()
    target = random.choice([name for name in stage.names if name != here])
    start = time.monotonic()
    command = subprocess.Popen(
        stage.command("resource", "move", "web", target), stdout=subprocess.DEVNULL
    )
    running = until(lambda: stage.web_on() == target, 30.0)
    command.wait(30)
    print(f"  web {here} -> {target}: {running - start:.3f} s", flush=True)
    return running - start

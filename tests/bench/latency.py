"""A real change of the service: how much later a console that is attached knows of it, shows it."""

from __future__ import annotations

import random
import subprocess
import threading
import time

from hanode.events import OperationFinished
from hanode.mgmt.session import Mirror
from tests.bench.asking import Line
from tests.bench.console import Terminal
from tests.bench.peers import Peer
from tests.bench.stage import Stage, until
from tests.bench.table import Row, spread, table


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table of two rows."""
    with Stage(port=port) as stage:
        stage.settle()
        with Terminal(str(stage.folder / stage.names[0] / "run" / "console.sock")) as terminal:
            terminal.until(b"all well", 30.0)
            times = [_one(stage, terminal) for _ in range(repetitions)]
    known, shown = ([time[at] for time in times] for at in (0, 1))
    rows = [
        Row("service answers -> console knows", spread(known), peer.screen),
        Row("service answers -> on the screen", spread(shown), peer.screen),
    ]
    return table("event to console", rows)


def _one(stage: Stage, terminal: Terminal) -> tuple[float, float]:
    """Until a mirror of the log knows, and until `hatui` has drawn it on another node's word."""
    stage.settle()
    terminal.drain(0.5)
    here = stage.web_on()
    target = random.choice([name for name in stage.names if name != here])
    seen: list[float] = []
    drawn: list[float] = []
    screen = threading.Thread(target=_look, args=(terminal, target, drawn))
    screen.start()
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
    screen.join(30)
    known, shown = seen[0] - answered, drawn[0] - answered
    print(f"  web on {target}: known {known:+.3f} s, drawn {shown:+.3f} s after", flush=True)
    return known, shown


def _look(terminal: Terminal, target: str, drawn: list[float]) -> None:
    terminal.until(f"web started on {target}".encode(), 30.0)
    drawn.append(time.monotonic())


def _watch(line: Line, mirror: Mirror, target: str, seen: list[float]) -> None:
    """Until the mirror has the service's start on `target`."""
    end = time.monotonic() + 30.0
    while time.monotonic() < end:
        for news in line.follow(mirror, 1.0):
            match news.event:
                case OperationFinished(resource="web", task="start", node=node) if node == target:
                    seen.append(time.monotonic())
                    return

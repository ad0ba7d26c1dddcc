"""From the demo's command to a cluster at rest: all nodes online, a DC, everything in its place."""

from __future__ import annotations

import time

from tests.bench.asking import Unanswered
from tests.bench.peers import Peer
from tests.bench.stage import Stage, until
from tests.bench.table import Row, spread, table


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """A table: the service's first answer, and rest."""
    served, rested = [], []
    for _ in range(repetitions):
        with Stage(port=port) as stage:
            served.append(until(lambda: stage.web_on() != "", 60.0) - stage.started_at)
            until(lambda: _rests(stage), 60.0, 0.05)
            rested.append(time.monotonic() - stage.started_at)
            print(f"  served {served[-1]:.2f} s, at rest {rested[-1]:.2f} s", flush=True)
    rows = [
        Row("start to the service's first answer", spread(served)),
        Row("start to rest", spread(rested), peer.start),
    ]
    return table("start of the whole cluster", rows)


def _rests(stage: Stage) -> bool:
    """All online, and the DC's last transition complete with nothing left."""
    try:
        state = stage.state()
    except Unanswered:
        return False
    online = [node for node in state.nodes.values() if node.online]
    return (
        len(online) == len(stage.names)
        and bool(state.transitions)
        and state.transitions[0].outcome == "complete"
    )

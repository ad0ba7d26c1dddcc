"""Waiting until a cluster has come to rest: nothing under way, and nothing left to decide."""

from __future__ import annotations

import time

from hanode.cli.line import Line
from hanode.mgmt.protocol import Subscribe
from hanode.mgmt.session import Gap, Mirror
from hanode.pe import schedule
from hanode.state import ClusterState, cib_of

SILENCE = 0.25
"""Seconds without news after which a cluster is asked whether it is at rest."""


def wait_for_rest(line: Line, index: int, limit: float) -> str:
    """Empty once everything after entry `index` is done; else, at the limit, what is not."""
    deadline = time.monotonic() + limit
    mirror = Mirror()
    answers = line.listen(line.subscribe(Subscribe), SILENCE)
    for answer in answers:
        if answer is not None:
            try:
                mirror.take(answer)
            except Gap as gap:
                return f"the node's answers have a gap ({gap})"
        state = mirror.state
        reason = "no news from the node"
        if state is not None:
            if state.position.index >= index and not _under_way(state):
                reason = _undecided(state)
                if not reason:
                    return ""
            else:
                reason = _under_way(state) or f"entry {index} has not come here yet"
        if time.monotonic() >= deadline:
            return reason
    return "the node fell silent"


def _under_way(state: ClusterState) -> str:
    running = state.transition
    if running is not None:
        return f"transition {running.id} is under way"
    for intent in state.intents.values():
        return f"{intent.target} is to be fenced ({intent.reason})"
    return ""


def _undecided(state: ClusterState) -> str:
    """What the policy engine would still do. Asked only when nothing is under way."""
    transition = schedule(cib_of(state), time.time())
    if transition.empty:
        return ""
    left = [f"{c.action} {c.resource or ''} on {' -> '.join(c.nodes)}" for c in transition.summary]
    return "; ".join(left[:3]) or f"{len(transition.actions)} actions are still to be done"

"""How long an operation usually takes, by its own history: what a preview's times rest upon."""

from __future__ import annotations

from collections.abc import Callable

from hanode.state import ClusterState
from hatui.cluster.histories import histories
from hatui.cluster.ledger import FENCE, Ledger, as_expected
from hatui.cluster.moment import base_of

Pace = Callable[[str, str], float | None]
"""From a task and a resource (or FENCE and a node) to seconds; None where there is no past."""


def pace_of(ledger: Ledger, state: ClusterState) -> Pace:
    """What was heard of it, else what the nodes' histories still hold."""

    def usual(task: str, subject: str) -> float | None:
        name = base_of(subject)
        known = ledger.expected((name, task))
        if known is not None or task == FENCE:
            return known.median if known is not None else None
        return _remembered(state, task, name)

    return usual


def _remembered(state: ClusterState, task: str, name: str) -> float | None:
    took = [
        done.exec_ms / 1000
        for resource, results in histories(state)
        for done in results.values()
        if base_of(resource) == name and done.task == task and not done.interval_ms
        and as_expected(done)
    ]  # fmt: skip
    return sorted(took)[len(took) // 2] if took else None

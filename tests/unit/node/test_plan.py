"""What of a transition is told to the log."""

from __future__ import annotations

from hanode.codec import LIMIT
from hanode.events import VOCABULARY, TransitionStarted
from hanode.node.orders import TOLD, plan
from hanode.transition import Action, Transition

WHY = "resource-00001 has not been looked at on node-16 yet"


def probes(count: int) -> tuple[Action, ...]:
    return tuple(
        Action(n, "rsc", "monitor", "monitor", "node-16", f"resource-{n:05}", reason=WHY)
        for n in range(count)
    )


def test_an_order_of_things_runs_through_what_nobody_executes() -> None:
    first, then = probes(2)
    between = Action(9, "pseudo", "all_probed")
    told = plan(Transition((first, between, then), ((0, 9), (9, 1))))
    assert [(one.id, one.after) for one in told] == [(0, ()), (1, (0,))]


def test_probes_beyond_measure_leave_what_changes_something_and_can_be_read() -> None:
    """10,000 resources on 16 nodes: an entry that no replica could read."""
    start = Action(TOLD + 7, "rsc", "start", "start", "node-16", "resource-00001", reason=WHY)
    told = plan(Transition((*probes(TOLD + 5), start)))
    assert len(told) == TOLD
    assert told[-1].operation == "start"
    assert len(VOCABULARY.pack(TransitionStarted(1, 1, told))) < LIMIT

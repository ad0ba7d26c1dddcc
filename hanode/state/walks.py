"""What the log tells of transitions and alarms."""

from __future__ import annotations

import dataclasses

from hanode.events import (
    Alarm,
    Entry,
    OperationFinished,
    Planned,
    Statement,
    TransitionEnded,
    TransitionStarted,
)
from hanode.ids import OWN_ORDER, NodeName
from hanode.state import migrations
from hanode.state.cluster import KEEP_ACTIONS, KEEP_ALARMS, KEEP_TRANSITIONS, ClusterState
from hanode.state.records import (
    AlarmRecord,
    TransitionRecord,
)

WATCHING = ("monitor", "notify")
"""Operations that change nothing."""
DISK = "disk "
"""What the subjects of alarms begin with that are about a node's own disk."""


def started(state: ClusterState, event: TransitionStarted, said: Statement, entry: Entry) -> None:
    end_transition(state, "given up", said.at)
    new = TransitionRecord(
        event.transition, event.basis, said.at, event.actions, event.summary, term=state.term
    )
    state.transitions = (new, *state.transitions)[:KEEP_TRANSITIONS]
    migrations.begun(state, event)


def placed(state: ClusterState, done: OperationFinished) -> OperationFinished:
    """What a node did of its own accord, with its place among the walks: after all that are known
    as it is told. Of clocks, one may be far ahead; a stop of long ago would pass for a later one
    than the migration that has brought the resource since."""
    if not done.order.startswith(OWN_ORDER):
        return done
    last = state.transitions[0] if state.transitions else None
    walk = last.id if last is not None and last.term == state.term else 0
    return dataclasses.replace(done, order=f"{state.term}.{walk}.0")


def ended(state: ClusterState, event: TransitionEnded, said: Statement, entry: Entry) -> None:
    end_transition(state, event.outcome or "complete", said.at)


def end_transition(state: ClusterState, outcome: str, at: float) -> None:
    running = state.transition
    if running is not None:
        ended = dataclasses.replace(running, ended_at=at, outcome=outcome)
        state.transitions = (_shortened(state, ended), *state.transitions[1:])


def _shortened(state: ClusterState, walk: TransitionRecord) -> TransitionRecord:
    """What of a walk that is over is worth looking at: what failed, then what changed something.
    It may have had a probe of each resource on each node."""
    failed = [action for action in walk.actions if _failed(state, walk, action)]
    done = {action.id for action in failed}
    changes = [a for a in walk.actions if a.operation not in WATCHING and a.id not in done]
    kept = {action.id for action in (*failed, *changes)[:KEEP_ACTIONS]}
    return dataclasses.replace(
        walk,
        actions=tuple(
            dataclasses.replace(action, after=tuple(i for i in action.after if i in kept))
            for action in walk.actions
            if action.id in kept
        ),
        summary=walk.summary[:KEEP_ACTIONS],
        left_out=len(failed) + len(changes) - len(kept),
    )


def _failed(state: ClusterState, walk: TransitionRecord, action: Planned) -> bool:
    node = state.record(action.node)
    results = node.history.get(action.resource, {}) if node is not None else {}
    order = f"{walk.id}.{action.id}"
    return any(
        result.order.partition(".")[2] == order
        and result.status != "pending"
        and (result.status != "done" or result.rc != result.expected_rc)
        for result in results.values()
    )


def alarm(state: ClusterState, event: Alarm, said: Statement, entry: Entry) -> None:
    """Of one subject the last word counts; an empty one takes it back."""
    others = tuple(old for old in state.alarms if old.subject != event.subject)
    new = AlarmRecord(said.at, event.subject, event.message)
    state.alarms = (new, *others)[:KEEP_ALARMS] if event.message else others


def timing_of(node: NodeName) -> str:
    """The subject of the alarm that a node's deadtime is not the DC's."""
    return f"timing {node}"


def lrm_of(node: NodeName) -> str:
    """The subject of the alarm that a node raises of its own LRM, when that hangs."""
    return f"lrm {node}"


def disk_of(node: NodeName) -> str:
    """The subject of the alarm that a node raises of its own disk."""
    return f"{DISK}{node}"

"""What the log tells of transitions and alarms."""

from __future__ import annotations

import dataclasses

from hanode.events import (
    Alarm,
    Entry,
    Statement,
    TransitionEnded,
    TransitionStarted,
)
from hanode.ids import NodeName
from hanode.state import migrations
from hanode.state.cluster import KEEP_ALARMS, KEEP_TRANSITIONS, ClusterState
from hanode.state.records import (
    AlarmRecord,
    TransitionRecord,
)

DISK = "disk "
"""What the subjects of alarms begin with that are about a node's own disk."""


def started(state: ClusterState, event: TransitionStarted, said: Statement, entry: Entry) -> None:
    end_transition(state, "given up", said.at)
    new = TransitionRecord(event.transition, event.basis, said.at, event.actions, event.summary)
    state.transitions = (new, *state.transitions)[:KEEP_TRANSITIONS]
    migrations.begun(state, event)


def ended(state: ClusterState, event: TransitionEnded, said: Statement, entry: Entry) -> None:
    end_transition(state, event.outcome or "complete", said.at)


def end_transition(state: ClusterState, outcome: str, at: float) -> None:
    running = state.transition
    if running is not None:
        ended = dataclasses.replace(running, ended_at=at, outcome=outcome)
        state.transitions = (ended, *state.transitions[1:])


def alarm(state: ClusterState, event: Alarm, said: Statement, entry: Entry) -> None:
    """Of one subject the last word counts; an empty one takes it back."""
    others = tuple(old for old in state.alarms if old.subject != event.subject)
    new = AlarmRecord(said.at, event.subject, event.message)
    state.alarms = (new, *others)[:KEEP_ALARMS] if event.message else others


def timing_of(node: NodeName) -> str:
    """The subject of the alarm that a node's deadtime is not the DC's."""
    return f"timing {node}"


def disk_of(node: NodeName) -> str:
    """The subject of the alarm that a node raises of its own disk."""
    return f"{DISK}{node}"

"""How each kind of event changes the state: one function per kind, one table that joins them.

A fold never refuses: what is in the log has happened. An event that makes no sense any more (a
change based on an older CIB, evidence for a boot that is over) changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hanode.events import (
    Alarm,
    AttributeSet,
    CibChanged,
    ClusterFounded,
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    FencingLapsed,
    HistoryCleared,
    MemberAdded,
    MemberRemoved,
    NodeLeaving,
    NodeLeft,
    NodeReported,
    OperationFinished,
    OperatorAdded,
    OperatorRemoved,
    OrderGiven,
    Statement,
    TicketSet,
    TransitionEnded,
    TransitionStarted,
    UnfencingOrdered,
    ViewAgreed,
    VoteRestored,
)
from hanode.state import migrations, remotes
from hanode.state.cluster import ClusterState
from hanode.state.configured import attribute, cib_changed, ticket
from hanode.state.members import (
    founded,
    member_added,
    member_removed,
    operator_added,
    operator_removed,
)
from hanode.state.operations import clear, record
from hanode.state.proofs import (
    confirmed,
    fencing_failed,
    intended,
    lapsed,
    unfencing_ordered,
)
from hanode.state.said import note
from hanode.state.views import dc_elected, leaving, left, reported, view_agreed, vote_restored
from hanode.state.walks import alarm, ended, placed, started


def apply(state: ClusterState, entry: Entry, statement: Statement, event: Event) -> str:
    """One more entry. `statement` and `event` are what `entry.signed.open()` gives.

    Why it could not be applied, in words; empty: it was. That would be an error of ours; but what
    stands in the log comes again at each start, on every node, and must not end them all. The fold
    is the same everywhere: what such an entry had changed so far, it has changed on each.
    """
    effective: bool | None = False
    wrong = ""
    note(state, statement.id)
    try:
        effective = _HANDLERS[type(event)](state, event, statement, entry)
    except MemoryError:
        raise  # that is this machine's trouble alone
    except Exception as error:
        wrong = f"{type(event).__name__}: {error!r}"
    state.position = entry.position
    state.at = statement.at
    if effective is not False and type(event) not in _NO_BASIS:
        state.basis = entry.index
    return wrong


def skip(state: ClusterState, entry: Entry) -> None:
    """An entry that nobody can read: it takes its place and changes nothing."""
    state.position = entry.position


def open_and_apply(state: ClusterState, entry: Entry) -> Event:
    """`apply`, for readers who have checked the entry already. Raises codec.Garbled."""
    statement, event = entry.signed.open()
    apply(state, entry, statement, event)
    return event


_NO_BASIS = (
    TransitionStarted,
    TransitionEnded,
    Alarm,
    OperatorAdded,
    OperatorRemoved,
    FencingFailed,
    VoteRestored,
)


def _operation(
    state: ClusterState, event: OperationFinished, said: Statement, entry: Entry
) -> bool:
    speaker = state.nodes.get(said.actor)
    if speaker is None or said.boot != speaker.boot or speaker.boot <= speaker.fenced:
        return False
    if event.status == "refused":
        return False  # nothing was done, so there is nothing new to decide upon
    node = speaker if event.node == said.actor else remotes.record_of(state, event.node)
    fatal = state.options.get("start-failure-is-fatal", "true") != "false"
    record(node, placed(state, event), count_failures=True, start_is_fatal=fatal)
    migrations.told(state, event)
    remotes.connected(state, event)
    return True


def _cleared(state: ClusterState, event: HistoryCleared, said: Statement, entry: Entry) -> None:
    """Of a node that nobody can look at now, what ran there is not forgotten."""
    for name, node in (*state.nodes.items(), *state.remotes.items()):
        if event.node in ("", name):
            unseen = name in state.nodes and not node.online
            clear(node, event.resource, failures_only=event.failures_only or unseen)


def _order(state: ClusterState, event: OrderGiven, said: Statement, entry: Entry) -> bool:
    """All of it, or nothing where its change of the configuration comes too late."""
    parts = event.open()
    if any(isinstance(part, CibChanged) and part.base != state.version for part in parts):
        return False
    for part in parts:
        _HANDLERS[type(part)](state, part, said, entry)
    return True


_HANDLERS: dict[type, Callable[[ClusterState, Any, Statement, Entry], bool | None]] = {
    ClusterFounded: founded,
    MemberAdded: member_added,
    MemberRemoved: member_removed,
    OperatorAdded: operator_added,
    OperatorRemoved: operator_removed,
    DcElected: dc_elected,
    ViewAgreed: view_agreed,
    NodeReported: reported,
    NodeLeaving: leaving,
    NodeLeft: left,
    CibChanged: cib_changed,
    AttributeSet: attribute,
    TicketSet: ticket,
    OperationFinished: _operation,
    HistoryCleared: _cleared,
    FencingIntended: intended,
    FencingConfirmed: confirmed,
    FencingFailed: fencing_failed,
    FencingLapsed: lapsed,
    UnfencingOrdered: unfencing_ordered,
    OrderGiven: _order,
    VoteRestored: vote_restored,
    TransitionStarted: started,
    TransitionEnded: ended,
    Alarm: alarm,
}

"""How each kind of event changes the state: one function per kind, one table that joins them.

A fold never refuses: what is in the log has happened. An event that makes no sense any more (a
change based on an older CIB, evidence for a boot that is over) changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from hanode.cib.edits import EMPTY, BadEdit, apply_edits, version_of
from hanode.cib.xml import read_xml
from hanode.events import (
    Alarm,
    AttributeSet,
    CibChanged,
    ClusterFounded,
    DcElected,
    Edit,
    Entry,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    FencingLapsed,
    HistoryCleared,
    Member,
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
    ViewAgreed,
)
from hanode.ids import NodeName
from hanode.state import remotes
from hanode.state.cluster import KEEP_ALARMS, KEEP_FENCINGS, KEEP_TRANSITIONS, ClusterState
from hanode.state.operations import clear, record
from hanode.state.records import (
    AlarmRecord,
    FencingRecord,
    Intent,
    NodeRecord,
    TicketRecord,
    TransitionRecord,
)

OPTIONS = (
    "start-failure-is-fatal",
    "stonith-enabled",
    "no-quorum-policy",
    "maintenance-mode",
    "hanode-fencing-limit",
    "priority-fencing-delay",
)
"""Cluster options that the fold itself, or the DC, needs without the PE."""

_ALIASES = {"fencing-enabled": "stonith-enabled"}


def apply(state: ClusterState, entry: Entry, statement: Statement, event: Event) -> None:
    """One more entry. `statement` and `event` are what `entry.signed.open()` gives."""
    handler = _HANDLERS.get(type(event))
    assert handler is not None, f"no fold for {type(event).__name__}"
    effective = handler(state, event, statement, entry)
    state.position = entry.position
    state.at = statement.at
    if effective is not False and type(event) not in _NO_BASIS:
        state.basis = entry.index


def skip(state: ClusterState, entry: Entry) -> None:
    """An entry that has no force: it takes its place and changes nothing."""
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
)


# --------------------------------------------------------------------- cluster, members, operators


def _founded(state: ClusterState, event: ClusterFounded, said: Statement, entry: Entry) -> None:
    state.cluster, state.name = event.cluster, event.name
    state.operators = {operator.name: operator for operator in event.operators}
    if event.cib and _is_cib(event.cib):
        state.cib = event.cib
    for member in event.members:
        _enrol(state, member)
    _read_options(state)
    state.cib_changed_at, state.cib_changed_by = said.at, said.actor


def _is_cib(xml: str) -> bool:
    """Whether it could be put in the place of another configuration."""
    try:
        apply_edits(EMPTY, (Edit("replace", xml=xml),))
    except BadEdit:
        return False
    return True


def _member_added(state: ClusterState, event: MemberAdded, said: Statement, entry: Entry) -> None:
    _enrol(state, event.member)


def _enrol(state: ClusterState, member: Member) -> None:
    state.members[member.name] = member
    state.last_number = max(state.last_number, member.number)
    state.nodes.setdefault(member.name, NodeRecord(member.name))
    if member.role == "data" and not _node_ids(state, member.name):
        node = f'<node id="{member.name}" uname="{member.name}"/>'
        _edit(state, (Edit("put", "nodes", node),))


def _node_ids(state: ClusterState, name: NodeName) -> list[str]:
    """What the configuration calls a node: its name, or a number in a CIB from elsewhere."""
    nodes = read_xml(state.cib.encode()).iterfind("configuration/nodes/node")
    return [node.get("id", "") for node in nodes if node.get("uname") == name]


def _member_removed(
    state: ClusterState, event: MemberRemoved, said: Statement, entry: Entry
) -> None:
    if state.members.pop(event.name, None) is None:
        return
    state.nodes.pop(event.name, None)
    _edit(state, tuple(Edit("remove", ident) for ident in _node_ids(state, event.name)))


def _operator_added(
    state: ClusterState, event: OperatorAdded, said: Statement, entry: Entry
) -> None:
    state.operators[event.operator.name] = event.operator


def _operator_removed(
    state: ClusterState, event: OperatorRemoved, said: Statement, entry: Entry
) -> None:
    state.operators.pop(event.name, None)


# -------------------------------------------------------------------------------- DC, views, nodes


def _dc_elected(state: ClusterState, event: DcElected, said: Statement, entry: Entry) -> None:
    state.term, state.dc = event.term, event.dc
    _end_transition(state, "given up: a new DC", said.at)


def _view_agreed(state: ClusterState, event: ViewAgreed, said: Statement, entry: Entry) -> None:
    boots = dict(event.present)
    state.quorate = event.quorate
    for name, node in state.nodes.items():
        present = name in boots and boots[name] > node.fenced
        if present != node.present:
            node.present, node.since = present, said.at
        if not present:
            node.reported = 0  # whatever it did meanwhile, it must report before it counts again
        if name in boots:
            node.boot = max(node.boot, boots[name])


def _reported(state: ClusterState, event: NodeReported, said: Statement, entry: Entry) -> None:
    node = state.nodes.get(event.node)
    if node is None or event.boot < node.boot or event.boot <= node.fenced:
        return
    if event.boot != node.told_of:  # a new boot: what it knew before is over
        node.attributes = {}
        node.history, node.counted = {}, {}
        node.leaving = event.boot if node.leaving == event.boot else 0
    node.boot = node.reported = node.told_of = event.boot
    node.reported_term = event.term
    node.expected = True
    node.attributes.update(event.attributes)
    told = {operation.resource for operation in event.operations}
    # What the LRM knows nothing of, nobody knows: it is probed again.
    node.history = {name: kept for name, kept in node.history.items() if name in told}
    for operation in event.operations:
        record(node, operation)


def _leaving(state: ClusterState, event: NodeLeaving, said: Statement, entry: Entry) -> None:
    if (node := state.nodes.get(event.node)) is not None and event.boot == node.boot:
        node.leaving = event.boot


def _left(state: ClusterState, event: NodeLeft, said: Statement, entry: Entry) -> None:
    node = state.nodes.get(event.node)
    if node is None or event.boot != node.boot:
        return
    _over(node, event.boot, said.at)


def _over(node: NodeRecord, boot: int, at: float) -> None:
    """A node's boot has ended, proved: nothing of it runs."""
    if node.present:
        node.present, node.since = False, at
    node.expected, node.leaving, node.reported = False, 0, 0
    node.attributes, node.history, node.counted = {}, {}, {}


# --------------------------------------------------------------------------- configuration, status


def _cib_changed(state: ClusterState, event: CibChanged, said: Statement, entry: Entry) -> bool:
    """Compare and swap: a change that was based on another version has no effect."""
    if event.base != state.version:
        return False
    _edit(state, event.edits)
    state.cib_changed_at, state.cib_changed_by = said.at, event.by or said.actor
    return state.version != event.base


def _edit(state: ClusterState, edits: tuple[Edit, ...]) -> None:
    try:
        state.cib = apply_edits(state.cib, edits)
    except BadEdit:
        return  # refused before it was proposed; a replica that replays it agrees
    _read_options(state)


def _read_options(state: ClusterState) -> None:
    state.version = str(version_of(state.cib))
    root = read_xml(state.cib.encode())
    remotes.forget_unconfigured(state, root)
    found: dict[str, str] = {}
    for pair in root.iterfind("configuration/crm_config//nvpair"):
        name = pair.get("name") or ""
        found[_ALIASES.get(name, name)] = pair.get("value") or ""
    state.options = {name: found[name] for name in OPTIONS if name in found}


def _attribute(state: ClusterState, event: AttributeSet, said: Statement, entry: Entry) -> None:
    node = state.record(event.node)
    if node is None:
        return
    if event.value is None:
        node.attributes.pop(event.name, None)
    else:
        node.attributes[event.name] = event.value


def _ticket(state: ClusterState, event: TicketSet, said: Statement, entry: Entry) -> None:
    old = state.tickets.get(event.ticket, TicketRecord(event.ticket))
    granted = old.granted if event.granted is None else event.granted
    state.tickets[event.ticket] = TicketRecord(
        event.ticket,
        granted,
        old.standby if event.standby is None else event.standby,
        said.at if granted and not old.granted else old.last_granted,
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
    record(node, event, count_failures=True, start_is_fatal=fatal)
    remotes.connected(state, event)
    return True


def _cleared(state: ClusterState, event: HistoryCleared, said: Statement, entry: Entry) -> None:
    for name, node in (*state.nodes.items(), *state.remotes.items()):
        if event.node in ("", name):
            clear(node, event.resource, failures_only=event.failures_only)


def _order(state: ClusterState, event: OrderGiven, said: Statement, entry: Entry) -> bool:
    """All of it, or nothing where its change of the configuration comes too late."""
    parts = event.open()
    if any(isinstance(part, CibChanged) and part.base != state.version for part in parts):
        return False
    for part in parts:
        _HANDLERS[type(part)](state, part, said, entry)
    return True


# ---------------------------------------------------------------------------------------- fencing


def _intended(state: ClusterState, event: FencingIntended, said: Statement, entry: Entry) -> None:
    state.intents[event.request] = Intent(
        event.request, event.target, event.boot, event.action, event.reason, event.by, said.at,
        entry.index,
    )  # fmt: skip
    _note_fencing(
        state,
        FencingRecord(
            event.request, event.target, event.action, "pending", event.reason,
            client=event.by or said.actor, requested_at=said.at,
        ),
    )  # fmt: skip


def _confirmed(state: ClusterState, event: FencingConfirmed, said: Statement, entry: Entry) -> None:
    node = state.record(event.target)
    settled = [i for i in state.intents.values() if _settles(event, i)]
    for intent in settled:
        del state.intents[intent.request]
        _complete_fencing(state, intent, event, said.at)
    if node is None or node.boot > event.boot:
        return  # a later boot was heard: this evidence speaks of the past
    node.fenced = max(node.fenced, event.boot)
    _over(node, event.boot, said.at)


def _settles(event: FencingConfirmed, intent: Intent) -> bool:
    return intent.target == event.target and intent.boot <= event.boot


def _complete_fencing(
    state: ClusterState, intent: Intent, event: FencingConfirmed, at: float
) -> None:
    _note_fencing(
        state,
        FencingRecord(
            intent.request, intent.target, intent.action, "success", intent.reason, event.device,
            event.evidence, event.by, intent.by, intent.at, at,
        ),
    )  # fmt: skip


def _fencing_failed(
    state: ClusterState, event: FencingFailed, said: Statement, entry: Entry
) -> None:
    intent = state.intents.get(event.request)
    if intent is None:
        return
    failed = dataclasses.replace(intent, failures=intent.failures + 1, last_failure=event.reason)
    state.intents[event.request] = failed
    _note_fencing(
        state,
        FencingRecord(
            intent.request, intent.target, intent.action, "failed", event.reason, event.device,
            "", event.by, intent.by, intent.at, said.at,
        ),
    )  # fmt: skip


def _lapsed(state: ClusterState, event: FencingLapsed, said: Statement, entry: Entry) -> None:
    if state.intents.pop(event.request, None) is None:
        return
    state.fencings = tuple(f for f in state.fencings if f.request != event.request)


def _note_fencing(state: ClusterState, new: FencingRecord) -> None:
    """One line per request: its latest news, newest first."""
    others = (old for old in state.fencings if old.request != new.request)
    state.fencings = (new, *others)[:KEEP_FENCINGS]


# ------------------------------------------------------------------------------ transitions, alarms


def _started(state: ClusterState, event: TransitionStarted, said: Statement, entry: Entry) -> None:
    _end_transition(state, "given up", said.at)
    new = TransitionRecord(event.transition, event.basis, said.at, event.actions, event.summary)
    state.transitions = (new, *state.transitions)[:KEEP_TRANSITIONS]


def _ended(state: ClusterState, event: TransitionEnded, said: Statement, entry: Entry) -> None:
    _end_transition(state, event.outcome or "complete", said.at)


def _end_transition(state: ClusterState, outcome: str, at: float) -> None:
    running = state.transition
    if running is not None:
        ended = dataclasses.replace(running, ended_at=at, outcome=outcome)
        state.transitions = (ended, *state.transitions[1:])


def _alarm(state: ClusterState, event: Alarm, said: Statement, entry: Entry) -> None:
    new = AlarmRecord(said.at, event.subject, event.message)
    others = (old for old in state.alarms if old.subject != event.subject)
    state.alarms = (new, *others)[:KEEP_ALARMS]


_HANDLERS: dict[type, Callable[[ClusterState, Any, Statement, Entry], bool | None]] = {
    ClusterFounded: _founded,
    MemberAdded: _member_added,
    MemberRemoved: _member_removed,
    OperatorAdded: _operator_added,
    OperatorRemoved: _operator_removed,
    DcElected: _dc_elected,
    ViewAgreed: _view_agreed,
    NodeReported: _reported,
    NodeLeaving: _leaving,
    NodeLeft: _left,
    CibChanged: _cib_changed,
    AttributeSet: _attribute,
    TicketSet: _ticket,
    OperationFinished: _operation,
    HistoryCleared: _cleared,
    FencingIntended: _intended,
    FencingConfirmed: _confirmed,
    FencingFailed: _fencing_failed,
    FencingLapsed: _lapsed,
    OrderGiven: _order,
    TransitionStarted: _started,
    TransitionEnded: _ended,
    Alarm: _alarm,
}

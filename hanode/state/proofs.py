"""What the log does to fencings: intents, evidence, failures, what has lapsed."""

from __future__ import annotations

import dataclasses

from hanode.events import (
    Entry,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    FencingLapsed,
    Statement,
    UnfencingOrdered,
)
from hanode.peer_messages import ISOLATED
from hanode.state.cluster import KEEP_FENCINGS, ClusterState
from hanode.state.records import (
    FencingRecord,
    Intent,
    NodeRecord,
)
from hanode.state.views import over

OPERATOR = "operator"
"""The evidence of somebody who has looked at it: no fencing of ours."""
UNFENCED = "#node-unfenced"
"""The attribute of a node, for this boot, that says since when its devices have let it in."""


def intended(state: ClusterState, event: FencingIntended, said: Statement, entry: Entry) -> None:
    """A need to fence a node ends all orders to let it in."""
    _end_unfencing(state, event.target, said.at, "it is to be fenced")
    state.intents[event.request] = Intent(
        event.request, event.target, event.boot, event.action, event.reason, event.by, said.at,
        entry.index,
    )  # fmt: skip
    note_fencing(
        state,
        FencingRecord(
            event.request, event.target, event.action, "pending", event.reason,
            client=event.by or said.actor, requested_at=said.at,
        ),
    )  # fmt: skip


def confirmed(state: ClusterState, event: FencingConfirmed, said: Statement, entry: Entry) -> None:
    node = state.record(event.target)
    if node is not None and event.evidence == ISOLATED:
        _cut_off(node, entry)  # whichever boot it is in
    if _overtaken(state, event):
        return
    settled = [i for i in state.intents.values() if settles(event, i)]
    for intent in settled:
        del state.intents[intent.request]
        complete_fencing(state, intent, event, said.at)
    if node is None or node.boot > event.boot:
        return  # a later boot was heard: this evidence speaks of the past
    node.fenced = max(node.fenced, event.boot)
    over(state, node, said.at)


def _overtaken(state: ClusterState, event: FencingConfirmed) -> bool:
    """Of a remote node no boots are known. So what proves its end, but for a person's word, says so
    of the fencing alone that it names: it may have been back since that was settled."""
    remote = event.target in state.remotes and event.evidence != OPERATOR
    return remote and event.request not in state.intents


def settles(event: FencingConfirmed, intent: Intent) -> bool:
    return intent.target == event.target and intent.boot <= event.boot


def complete_fencing(
    state: ClusterState, intent: Intent, event: FencingConfirmed, at: float
) -> None:
    note_fencing(
        state,
        FencingRecord(
            intent.request, intent.target, intent.action, "success", intent.reason, event.device,
            event.evidence, event.by, intent.by, intent.at, at,
        ),
    )  # fmt: skip


def fencing_failed(
    state: ClusterState, event: FencingFailed, said: Statement, entry: Entry
) -> None:
    if event.action == "on":
        _not_let_in(state, event, said.at)
        return
    target, intent = state.record(event.target), state.intents.get(event.request)
    if target is not None:
        _cut_off(target, entry)  # it may be, all the same
    if intent is None:
        return
    failed = dataclasses.replace(intent, failures=intent.failures + 1, last_failure=event.reason)
    state.intents[event.request] = failed
    note_fencing(
        state,
        FencingRecord(
            intent.request, intent.target, intent.action, "failed", event.reason, event.device,
            "", event.by, intent.by, intent.at, said.at,
        ),
    )  # fmt: skip


def _cut_off(node: NodeRecord, entry: Entry) -> None:
    node.attributes.pop(UNFENCED, None)
    node.cut_at = entry.index


def unfencing_ordered(
    state: ClusterState, event: UnfencingOrdered, said: Statement, entry: Entry
) -> None:
    """A newer order for a node takes the place of an older one."""
    _end_unfencing(state, event.target, said.at, "ordered anew")
    order = Intent(
        event.request, event.target, event.boot, "on", "to be let in again", event.by, said.at,
        entry.index,
    )  # fmt: skip
    state.unfencings[event.request] = order
    note_fencing(state, _unfencing_record(order, "pending"))


def _end_unfencing(state: ClusterState, target: str, at: float, why: str) -> None:
    for order in [u for u in state.unfencings.values() if u.target == target]:
        del state.unfencings[order.request]
        over = _unfencing_record(order, "failed", at=at)
        note_fencing(state, dataclasses.replace(over, reason=why))


def let_in(state: ClusterState, target: str, by: str, at: float) -> None:
    """Its devices let a node in: whoever ordered that has what was ordered."""
    for order in [u for u in state.unfencings.values() if u.target == target]:
        del state.unfencings[order.request]
        note_fencing(state, _unfencing_record(order, "success", by=by, at=at))


def _not_let_in(state: ClusterState, event: FencingFailed, at: float) -> None:
    order = state.unfencings.pop(event.request, None)
    if order is not None:
        failed = _unfencing_record(order, "failed", by=event.by, at=at, device=event.device)
        note_fencing(state, dataclasses.replace(failed, reason=event.reason))


def _unfencing_record(
    order: Intent, status: str, by: str = "", at: float = 0.0, device: str = ""
) -> FencingRecord:
    return FencingRecord(
        order.request, order.target, order.action, status, order.reason, device,
        "", by, order.by, order.at, at,
    )  # fmt: skip


def lapsed(state: ClusterState, event: FencingLapsed, said: Statement, entry: Entry) -> None:
    if state.intents.pop(event.request, None) is None:
        return
    state.fencings = tuple(f for f in state.fencings if f.request != event.request)


def note_fencing(state: ClusterState, new: FencingRecord) -> None:
    """One line per request: its latest news, newest first."""
    others = (old for old in state.fencings if old.request != new.request)
    state.fencings = (new, *others)[:KEEP_FENCINGS]

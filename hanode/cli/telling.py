"""One line of words for each kind of event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hanode import events as e
from hanode.events import Event
from hanode.ra.exit_codes import meaning


def sentence(event: Event) -> str:
    """What happened, in the field's words."""
    return _WORDS[type(event)](event)


def _operation(x: e.OperationFinished) -> str:
    every = f" (every {x.interval_ms / 1000:g} s)" if x.interval_ms else ""
    result = x.status
    if x.status == "done":
        result = meaning(x.rc).name
        if x.expected_rc not in (x.rc, 0):
            result += f" (expected: {meaning(x.expected_rc).name})"
    reason = f": {x.reason}" if x.reason else ""
    took = f" in {x.exec_ms} ms" if x.exec_ms else ""
    task = "probe" if x.task == "monitor" and not x.interval_ms else x.task
    return f"{task} of {x.resource} on {x.node}{every}: {result}{took}{reason}"


def _changed(x: e.CibChanged) -> str:
    by = f" by {x.by}" if x.by else ""
    return f"configuration changed from {x.base}{by}: {x.why or f'{len(x.edits)} edits'}"


def _view(x: e.ViewAgreed) -> str:
    names = ", ".join(f"{name} (boot {boot})" for name, boot in x.present)
    return f"view: {names}; {'with quorum' if x.quorate else 'WITHOUT quorum'}"


def _attribute(x: e.AttributeSet) -> str:
    if x.value is None:
        return f"attribute {x.name} of {x.node} taken away"
    return f"attribute {x.name} of {x.node} is {x.value}"


def _ticket(x: e.TicketSet) -> str:
    parts = []
    if x.granted is not None:
        parts.append("granted" if x.granted else "revoked")
    if x.standby is not None:
        parts.append("on standby" if x.standby else "active")
    return f"ticket {x.ticket}: {', '.join(parts)}"


def _cleared(x: e.HistoryCleared) -> str:
    where = f" on {x.node}" if x.node else ""
    return f"cleanup of {x.resource or 'all resources'}{where}"


def _started(x: e.TransitionStarted) -> str:
    summary = f": {'; '.join(x.summary)}" if x.summary else ""
    return f"transition {x.transition} begins, {len(x.actions)} actions{summary}"


_WORDS: dict[type, Callable[[Any], str]] = {
    e.ClusterFounded: lambda x: f"cluster {x.name} founded",
    e.MemberAdded: lambda x: f"{x.member.name} joins as a {x.member.role} node",
    e.MemberRemoved: lambda x: f"{x.name} is no member any longer",
    e.OperatorAdded: lambda x: f"operator {x.operator.name} may come in as {x.operator.role}",
    e.OperatorRemoved: lambda x: f"operator {x.name} may no longer come in",
    e.DcElected: lambda x: f"{x.dc} is DC in term {x.term}, by {', '.join(x.votes) or 'itself'}",
    e.ViewAgreed: _view,
    e.NodeReported: lambda x: f"{x.node} is online (boot {x.boot}, {len(x.operations)} results)",
    e.NodeLeaving: lambda x: f"{x.node} is to shut down",
    e.NodeLeft: lambda x: f"{x.node} has left in an orderly way",
    e.CibChanged: _changed,
    e.AttributeSet: _attribute,
    e.TicketSet: _ticket,
    e.OperationFinished: _operation,
    e.HistoryCleared: _cleared,
    e.FencingIntended: lambda x: f"fencing of {x.target} intended ({x.action}): {x.reason}",
    e.FencingConfirmed: lambda x: (
        f"fencing of {x.target} confirmed: {x.evidence}, {x.device or x.by} ({x.exec_ms} ms)"
    ),
    e.FencingFailed: lambda x: (
        f"{'unfencing' if x.action == 'on' else 'fencing'} of {x.target} by {x.device or x.by} "
        f"failed: {x.reason}"
    ),
    e.UnfencingOrdered: lambda x: f"{x.target} is to be let in again (unfenced)",
    e.FencingLapsed: lambda x: f"fencing of {x.target} lapsed: {x.reason}",
    e.OrderGiven: lambda x: "; ".join(sentence(part) for part in x.open()),
    e.VoteRestored: lambda x: f"{x.node} has caught up in boot {x.boot}: its vote counts again",
    e.TransitionStarted: _started,
    e.TransitionEnded: lambda x: (
        f"transition {x.transition} {x.outcome} ({x.done} done, {x.left} left)"
    ),
    e.Alarm: lambda x: f"ALARM {x.subject}: {x.message or 'over'}",
}

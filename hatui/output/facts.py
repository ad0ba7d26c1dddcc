"""A picture's parts as plain attributes, named as in crm_mon's XML: for JSON and for XML alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hanode import __version__
from hanode.cib.options import text
from hanode.cib.status import Operation
from hanode.pe.overview import BanView, FailureView, NodeView, ResourceView
from hanode.state.records import FencingRecord
from hatui.cluster.ills import disabled
from hatui.output.asked import concerns, nodes_of
from hatui.output.choice import Choice
from hatui.output.picture import Picture
from hatui.output.text_events import CLIENT
from hatui.output.text_history import INFINITY, names, shown_attributes, shown_operations
from hatui.output.text_resources import PENDING
from hatui.output.words import moment, rc_text, stamp, status_text

Facts = dict[str, Any]
"""True booleans and numbers; XML writes them as text."""


def summary(picture: Picture) -> Facts:
    """The cluster at a glance."""
    instances = picture.instances
    return {
        "cluster": picture.cluster,
        "dc": picture.view.dc,
        "quorum": picture.view.have_quorum and picture.has_dc,
        "epoch": picture.version,
        "version": __version__,
        "asked": picture.asked,
        "last_update": stamp(picture.now),
        "last_change": stamp(picture.changed_at),
        "last_change_user": picture.changed_by,
        "nodes_configured": len(picture.view.nodes),
        "resources_configured": len(instances),
        "resources_disabled": sum(disabled(view) for view in instances),
        "resources_blocked": sum(view.blocked for view in instances),
        **options(picture),
    }


def options(picture: Picture) -> Facts:
    view = picture.view
    return {
        "stonith-enabled": view.fencing_enabled,
        "symmetric-cluster": view.symmetric,
        "no-quorum-policy": view.no_quorum_policy,
        "maintenance-mode": view.maintenance_mode,
        "stop-all-resources": picture.stop_all,
        "stonith-timeout-ms": milliseconds(text(picture.options, "fencing-timeout", "60s")),
        "priority-fencing-delay-ms": milliseconds(
            picture.options.get("priority-fencing-delay", "0")
        ),
    }


def node(view: NodeView) -> Facts:
    return {
        "name": view.name,
        "id": view.id,
        "online": view.online,
        "standby": view.standby,
        "standby_onfail": view.standby_on_fail,
        "maintenance": view.maintenance,
        "pending": view.pending,
        "unclean": view.unclean,
        "health": view.health,
        "shutdown": view.shutdown,
        "expected_up": view.expected_up,
        "is_dc": view.is_dc,
        "resources_running": view.resources_running,
        "type": "remote" if view.type == "guest" else view.type,
    }


def resource(view: ResourceView) -> Facts:
    """One primitive, or one instance of a cloned one."""
    found: Facts = {"id": view.name, "resource_agent": view.agent, "role": view.role}
    if view.target_role:
        found["target_role"] = view.target_role
    found |= {
        "active": view.active,
        "orphaned": view.orphaned,
        "blocked": view.blocked,
        "maintenance": view.maintenance,
        "managed": view.managed,
        "failed": view.failed,
        "failure_ignored": view.failure_ignored,
        "nodes_running_on": len(view.nodes),
    }
    if view.pending:
        found["pending"] = "Monitoring" if view.pending == "monitor" else pending(view)
    if view.locked_to:
        found["locked_to"] = view.locked_to
    return found


def pending(view: ResourceView) -> str:
    return PENDING.get(view.pending, view.pending)


def failure(view: FailureView) -> Facts:
    return {
        "op_key": f"{view.resource}_{view.operation}_{view.interval_ms}",
        "node": view.node,
        "exitstatus": rc_text(view.rc),
        "exitreason": view.exit_reason or "none",
        "exitcode": view.rc,
        "call": view.call_id,
        "status": status_text(view.status),
        "last-rc-change": stamp(view.last_rc_change),
        "queued": view.queue_ms,
        "exec": view.exec_ms,
        "interval": view.interval_ms,
        "task": view.operation,
    }


def fence_event(record: FencingRecord) -> Facts:
    found: Facts = {"status": record.status}
    if record.status == "failed":
        found["exit-reason"] = record.reason
    if record.by:
        found["delegate"] = record.by
    found |= {
        "action": record.action,
        "target": record.target,
        "client": record.client or CLIENT,
        "origin": record.by or record.client,
    }
    if record.completed_at:
        found["completed"] = stamp(record.completed_at)
    return found


def ban(view: BanView) -> Facts:
    return {
        "id": view.id,
        "resource": view.resource,
        "node": view.node,
        "weight": view.score,
        "promoted-only": view.promoted_only,
    }


def tickets(picture: Picture) -> list[Facts]:
    found: list[Facts] = []
    for ticket in picture.tickets:
        facts: Facts = {
            "id": ticket.id,
            "status": "granted" if ticket.granted else "revoked",
            "standby": ticket.standby,
        }
        if ticket.last_granted:
            facts["last-granted"] = stamp(ticket.last_granted)
        found.append(facts)
    return found


def attributes(picture: Picture, choice: Choice) -> Iterator[tuple[str, dict[str, str]]]:
    """Nodes with those of their attributes that people look at."""
    for view in nodes_of(picture, choice):
        found = shown_attributes(view.attributes)
        if found and view.online:
            yield view.name, found


def history(picture: Picture, choice: Choice) -> Iterator[tuple[str, Facts, list[Facts]]]:
    """Each resource that a node remembers, with its operations: (node, resource, operations)."""
    told = picture.view.fail_counts if choice.shows("failcounts") else ()
    counts, asked = {(c.node, c.resource): c for c in told}, concerns(picture, choice)
    operations = choice.shows("operations")
    named, known = names(picture), {view.name for view in picture.instances}
    for state in picture.status.nodes:
        for remembered in state.history:
            shown, (name, most) = shown_operations(remembered), named(remembered.id)
            count = counts.get((state.name, name)) or counts.get((state.name, remembered.id))
            if not shown or not asked(state.name, name) or not (operations or count):
                continue
            facts: Facts = {"id": name, "orphan": name not in known}
            facts["migration-threshold"] = most
            if count:
                often = "INFINITY" if count.count >= INFINITY else str(count.count)
                facts |= {"fail-count": often, "last-failure": moment(count.last_failure)}
            yield state.name, facts, [operation(op) for op in shown if operations]


def operation(op: Operation) -> Facts:
    probe = op.task == "monitor" and not op.interval_ms
    found: Facts = {"call": op.call_id, "task": "probe" if probe else op.task}
    if op.interval_ms:
        found["interval"] = f"{op.interval_ms}ms"
    if op.last_rc_change:
        found["last-rc-change"] = moment(op.last_rc_change)
    return found | {
        "exec-time": f"{op.exec_ms}ms",
        "queue-time": f"{op.queue_ms}ms",
        "rc": op.rc,
        "rc_text": rc_text(op.rc),
    }


_UNITS = {
    "us": 0.001, "ms": 1.0, "": 1000.0, "s": 1000.0, "sec": 1000.0, "m": 60_000.0,
    "min": 60_000.0, "h": 3_600_000.0, "hr": 3_600_000.0,
}  # fmt: skip


def milliseconds(text: str) -> int:
    """A duration as cluster options have it; 0 where it says nothing."""
    digits = text.strip().rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = text.strip().removeprefix(digits).strip()
    return int(float(digits) * _UNITS.get(unit, 0)) if digits.isdecimal() else 0

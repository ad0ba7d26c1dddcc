"""A picture as JSON: crm_mon's attribute names in plain lists, true booleans and numbers.

Every section is always there, if only as an empty list. `id` and `nodes` name things as people do;
a clone's instances are listed one by one, each with the clone (or group) that it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from hanode.pe.overview import ResourceView
from hatui.output import facts
from hatui.output.facts import Facts
from hatui.output.picture import Picture
from hatui.output.words import stamp


def render(picture: Picture) -> str:
    return json.dumps(document(picture), indent=2, ensure_ascii=False) + "\n"


def document(picture: Picture) -> Facts:
    return {
        "summary": facts.summary(picture),
        "nodes": [
            {**facts.node(view), "state": view.state, "attributes": _attributes(view.attributes)}
            for view in picture.view.nodes
        ],
        "resources": [
            entry for view in picture.view.resources for entry in _resources(view, "", "")
        ],
        "failures": [
            {"resource": view.resource, **facts.failure(view)} for view in picture.failures
        ],
        "fail_counts": [
            {
                "resource": view.resource, "node": view.node, "fail-count": view.count,
                "migration-threshold": view.threshold, "last-failure": stamp(view.last_failure),
            }
            for view in picture.view.fail_counts
        ],
        "fence_history": [
            {
                **facts.fence_event(record), "reason": record.reason, "device": record.device,
                "evidence": record.evidence, "requested": stamp(record.requested_at),
            }
            for record in picture.fencings
        ],
        "tickets": facts.tickets(picture),
        "bans": [facts.ban(view) for view in picture.view.bans],
        "alarms": [
            {"at": stamp(alarm.at), "subject": alarm.subject, "message": alarm.message}
            for alarm in picture.alarms
        ],
        "stale": bool(picture.stale),
        "stale_reason": picture.stale,
    }  # fmt: skip


def _attributes(found: dict[str, str]) -> dict[str, str]:
    """Without those that the policy engine makes up for rules (`#uname` and its like)."""
    return {name: value for name, value in found.items() if not name.startswith("#")}


def _resources(view: ResourceView, group: str, clone: str) -> Iterator[Facts]:
    if view.kind == "primitive":
        if view.active or not view.orphaned:
            yield _resource(view, group, clone)
        return
    group = view.name if view.kind == "group" else group
    clone = view.name if view.kind in ("clone", "bundle") else clone
    for child in view.children:
        yield from _resources(child, group, clone)


def _resource(view: ResourceView, group: str, clone: str) -> Facts:
    found = facts.resource(view)
    agent = found.pop("resource_agent")
    found.pop("nodes_running_on")
    return {
        "id": found.pop("id"), "agent": agent, **found, "nodes": list(view.nodes),
        "instance": view.id, "group": group, "clone": clone,
    }  # fmt: skip

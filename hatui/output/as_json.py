"""A picture as JSON: crm_mon's attribute names in plain lists, true booleans and numbers.

Every section that is asked for is there, if only as an empty list. `id` and `nodes` name things as
people do; a clone's instances are listed one by one, each with the clone (or group) it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from hanode.pe.overview import NodeView, ResourceView
from hatui.output import facts
from hatui.output.asked import bans_of, concerns, fencings_of, nodes_of, resources_of
from hatui.output.choice import ALL, FENCING, SUMMARY, Choice
from hatui.output.facts import Facts
from hatui.output.picture import Picture
from hatui.output.words import stamp

_SECTIONS = {
    "summary": SUMMARY, "nodes": ("nodes",), "resources": ("resources",),
    "failures": ("failures",), "fail_counts": ("failcounts",), "fence_history": FENCING,
    "tickets": ("tickets",), "bans": ("bans",), "alarms": ("alarms",),
}  # fmt: skip
"""Which of crm_mon's sections want a key; how fresh all of it is stands there always."""


def render(picture: Picture, choice: Choice = ALL) -> str:
    """In ASCII: whatever a name holds, a terminal may show it."""
    return json.dumps(document(picture, choice), indent=2) + "\n"


def document(picture: Picture, choice: Choice = ALL) -> Facts:
    told = _all(picture, choice)
    return {
        key: part for key, part in told.items()
        if key not in _SECTIONS or any(map(choice.shows, _SECTIONS[key]))
    }  # fmt: skip


def _all(picture: Picture, choice: Choice) -> Facts:
    asked = concerns(picture, choice)
    resources = resources_of(picture.view.resources, choice)
    return {
        "summary": facts.summary(picture),
        "nodes": [_node(view, choice) for view in nodes_of(picture, choice)],
        "resources": [entry for view in resources for entry in _resources(view, "", "")],
        "failures": [
            {"resource": view.resource, **facts.failure(view)}
            for view in picture.failures
            if asked(view.node, view.resource)
        ],
        "fail_counts": [
            {
                "resource": view.resource, "node": view.node, "fail-count": view.count,
                "migration-threshold": view.threshold, "last-failure": stamp(view.last_failure),
            }
            for view in picture.view.fail_counts
            if asked(view.node, view.resource)
        ],
        "fence_history": [
            {
                **facts.fence_event(record), "reason": record.reason, "device": record.device,
                "evidence": record.evidence, "requested": stamp(record.requested_at),
            }
            for record in fencings_of(picture, choice)
        ],
        "tickets": facts.tickets(picture),
        "bans": [facts.ban(view) for view in bans_of(picture, choice)],
        "alarms": [
            {"at": stamp(alarm.at), "subject": alarm.subject, "message": alarm.message}
            for alarm in picture.alarms
        ],
        "stale": bool(picture.stale),
        "stale_reason": picture.stale,
    }  # fmt: skip


def _node(view: NodeView, choice: Choice) -> Facts:
    found = {**facts.node(view), "state": view.state}
    if choice.shows("attributes"):
        found["attributes"] = _attributes(view.attributes)
    return found


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

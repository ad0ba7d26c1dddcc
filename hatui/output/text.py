"""A picture as text, in crm_mon's layout: headings at the margin, `  * ` below them."""

from __future__ import annotations

from collections.abc import Callable

from hanode import __version__
from hatui.cluster.ills import disabled
from hatui.output import text_events, text_history, text_nodes, text_resources
from hatui.output.choice import Choice
from hatui.output.picture import Picture
from hatui.output.words import clean, counted, moment

_POLICIES = {
    "freeze": "Freeze resources", "stop": "Stop ALL resources", "demote": "Demote promotable "
    "resources and stop all other resources", "ignore": "Ignore", "fence": "Suicide",
    "suicide": "Suicide",
}  # fmt: skip


def render(picture: Picture, choice: Choice) -> str:
    """The whole of it."""
    parts = [_summary(picture, choice)]
    if choice.shows("nodes"):
        parts.append(text_nodes.node_list(picture, choice))
    if choice.shows("resources"):
        parts.append(text_resources.resource_list(picture, choice))
    for section, make in _SECTIONS:
        if choice.shows(section):
            parts.append(make(picture, choice))
    if choice.shows("failures"):
        parts.append(text_events.failures(picture, choice))
    parts += [text_events.fencing(picture, choice)]
    for section, make in _LAST:
        if choice.shows(section):
            parts.append(make(picture, choice))
    if picture.stale:
        parts.insert(0, [f"--- Stale data: {clean(picture.stale)} ---"])
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


Section = Callable[[Picture, Choice], list[str]]
_SECTIONS: tuple[tuple[str, Section], ...] = (
    ("attributes", text_history.attributes),
    ("operations", text_history.operations),
    ("failcounts", text_history.fail_counts),  # shown only where operations aren't
)
_LAST: tuple[tuple[str, Section], ...] = (
    ("tickets", text_events.tickets),
    ("bans", text_events.bans),
    ("alarms", text_events.alarms),
)


def _summary(picture: Picture, choice: Choice) -> list[str]:
    lines: list[str] = []
    if choice.shows("stack"):
        lines.append("Stack: hanode" if picture.asked else "Stack: unknown")
    if choice.shows("dc"):
        lines.append(f"Current DC: {_dc(picture)}")
    if choice.shows("times"):
        on = f" on {clean(picture.asked)}" if picture.asked else ""
        lines.append(f"Last updated: {moment(picture.now)}{on}")
        by = f" by {clean(picture.changed_by)}" if picture.changed_by else ""
        lines.append(f"Last change:  {moment(picture.changed_at)}{by}")
    if choice.shows("counts"):
        lines += [f"{counted(len(picture.view.nodes), 'node')} configured", _instances(picture)]
    if choice.shows("maint-mode"):
        lines += _maintenance(picture)
    if choice.shows("options"):
        lines += _options(picture)
    return ["Cluster Summary:", *(f"  * {line}" for line in lines)] if lines else []


def _dc(picture: Picture) -> str:
    if not picture.has_dc:
        return "NONE"
    version = __version__ if picture.asked else "unknown"
    quorum = "with quorum" if picture.view.have_quorum else "WITHOUT quorum"
    return f"{clean(picture.view.dc)} (version {version}) - partition {quorum}"


def _instances(picture: Picture) -> str:
    instances = picture.instances
    off = sum(disabled(view) for view in instances)
    blocked = sum(view.blocked for view in instances)
    notes = [f"{off} DISABLED"] if off else []
    notes += [f"{blocked} BLOCKED from further action due to failure"] if blocked else []
    extra = f" ({', '.join(notes)})" if notes else ""
    return f"{counted(len(instances), 'resource instance')} configured{extra}"


def _maintenance(picture: Picture) -> list[str]:
    if not picture.view.maintenance_mode and not picture.stop_all:
        return []
    says = (
        "The cluster will not attempt to start, stop or recover services"
        if picture.view.maintenance_mode
        else "The cluster will keep all resources stopped"
    )
    return ["*** Resource management is DISABLED ***", says]


def _options(picture: Picture) -> list[str]:
    view = picture.view
    policy = _POLICIES.get(view.no_quorum_policy, view.no_quorum_policy)
    return [
        f"STONITH of failed nodes {'enabled' if view.fencing_enabled else 'disabled'}",
        f"Cluster is {'symmetric' if view.symmetric else 'asymmetric'}",
        f"No quorum policy: {policy}",
    ]

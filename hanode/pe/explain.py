"""A decision in words, as an operator reads it."""

from __future__ import annotations

from hanode.cib.document import Cib
from hanode.pe.instance_state import overview
from hanode.pe.model.score import show
from hanode.pe.overview import Overview, ResourceView
from hanode.pe.simulate import apply, in_order
from hanode.transition import Change, Transition


def explain(cib: Cib, transition: Transition, now: float) -> list[str]:
    """The cluster as it is, what will be done and why, the cluster as it will be."""
    lines = ["Current cluster status:", *_status(overview(cib, now)), ""]
    lines += ["Transition summary:"]
    lines += [f"  * {line}" for line in map(change_line, transition.summary)] or ["  * nothing"]
    if transition.blocked:
        lines += ["", "Blocked:"]
        for entry in transition.blocked:
            where = f" on {entry.node}" if entry.node else ""
            lines.append(f"  * {entry.operation} of {entry.resource}{where}: {entry.reason}")
    actions = [action for action in in_order(transition) if not action.pseudo]
    if actions:
        lines += ["", "Actions, in one possible order:"]
        lines += [
            f"  * {action.task}" + (f" on {action.node}" if action.node else "")
            for action in actions
        ]
    lines += ["", "Revised cluster status:", *_status(overview(apply(cib, transition, now), now))]
    if transition.warnings:
        lines += ["", "Warnings:", *(f"  * {warning}" for warning in transition.warnings)]
    if transition.recheck:
        lines += ["", f"To be looked at again: {transition.recheck.why}"]
    return lines


def change_line(change: Change) -> str:
    """One line of the summary."""
    places = " -> ".join(change.nodes)
    roles = " -> ".join(change.roles)
    what = change.resource or (change.nodes[0] if change.nodes else "")
    where = f" ( {roles + ' ' if roles else ''}{places} )" if change.resource else ""
    blocked = " (blocked)" if change.blocked else ""
    why = f"  because {change.reason}" if change.reason else ""
    return f"{change.action:<12} {what}{where}{blocked}{why}"


def _status(view: Overview) -> list[str]:
    lines = ["  Nodes:"]
    lines += [f"    * {node.name}: {node.state}" for node in view.nodes]
    lines += ["  Resources:"]
    for resource in view.resources:
        lines += _resource(resource, 4)
    return lines


def _resource(view: ResourceView, indent: int) -> list[str]:
    pad = " " * indent
    if view.children:
        lines = [f"{pad}* {view.kind} {view.name}:"]
        shown = [child for child in view.children if child.active or view.kind != "clone"]
        for child in shown:
            lines += _resource(child, indent + 2)
        stopped = len(view.children) - len(shown)
        if stopped:
            lines.append(f"{pad}  * {stopped} stopped")
        return lines
    marks = [
        word
        for word, true in (
            ("FAILED", view.failed),
            ("blocked", view.blocked),
            ("unmanaged", not view.managed),
            ("orphaned", view.orphaned),
        )
        if true
    ]
    note = f" ({', '.join(marks)})" if marks else ""
    places = ", ".join(f"{place.role} {place.node}" for place in view.places) or "Stopped"
    return [f"{pad}* {view.name} ({view.agent}): {places}{note}"]


def explain_scores(transition: Transition) -> list[str]:
    """Every node's score for every resource, with what it is made of."""
    lines = ["", "Scores:"]
    for resource, nodes in transition.totals.items():
        for node, total in sorted(nodes.items()):
            lines.append(f"  {resource} on {node}: {show(total)}")
            for part in transition.scores.get(resource, {}).get(node, []):
                lines.append(f"      {show(part.amount):>10}  {part.source_id}: {part.sentence}")
    return lines


def explain_why(cib: Cib, transition: Transition, now: float, name: str) -> list[str]:
    """Why a resource will be where it will be, and why not elsewhere."""
    names = [
        resource
        for resource in transition.totals
        if resource == name or resource.rpartition(":")[0] == name
    ]
    if not names:
        return [f"{name}: no such resource"]
    after = overview(apply(cib, transition, now), now)
    places = _places(after.resources)
    lines = []
    for change in transition.summary:
        if change.resource == name:
            lines.append(change_line(change))
    for resource in names:
        here = places.get(resource, [])
        lines.append(f"{resource}: {'on ' + ', '.join(here) if here else 'nowhere'}")
        totals = transition.totals[resource]
        for node in sorted(totals, key=lambda n: (-totals[n], n)):
            mark = "*" if node in here else " "
            lines.append(f" {mark} {node}: {show(totals[node])}")
            for part in transition.scores.get(resource, {}).get(node, []):
                lines.append(f"      {show(part.amount):>10}  {part.sentence}")
    return lines


def _places(views: tuple[ResourceView, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for view in views:
        found[view.id] = list(view.nodes)
        found.update(_places(view.children))
    return found

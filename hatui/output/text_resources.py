"""The resource list: trees of groups, clones and their instances, as crm_mon writes them."""

from __future__ import annotations

from collections.abc import Sequence

from hanode.pe.overview import Place, ResourceView
from hatui.cluster.ills import disabled, leaves
from hatui.cluster.natural import natural
from hatui.output import text_bundles
from hatui.output.choice import Choice
from hatui.output.picture import Picture, implicit
from hatui.output.text_brief import brief
from hatui.output.words import bracketed, clean, counted

_LISTED = ("Promoted", "Unpromoted", "Started")
PENDING = {
    "start": "Starting", "stop": "Stopping", "promote": "Promoting", "demote": "Demoting",
    "migrate_to": "Migrating", "migrate_from": "Migrating",
}  # fmt: skip
"""What is under way, where it stands in the role's place. (A pending monitor is a mere flag.)"""


def resource_list(picture: Picture, choice: Choice) -> list[str]:
    """`Full List of Resources` with inactive ones, else `Active Resources`; by node: the rest."""
    views = [view for view in picture.view.resources if _wanted(view, choice.resource)]
    if choice.by_node:
        if not choice.inactive:
            return []
        lines = [
            line for view in views if not view.active for line in _lines(view, picture, choice)
        ]
        return ["Inactive Resources:", *(lines or ["  * No inactive resources"])]
    lines = _several(views, picture, choice, 1)
    if choice.inactive:
        return ["Full List of Resources:", *(lines or ["  * No resources"])]
    return ["Active Resources:", *(lines or ["  * No active resources"])]


def _several(
    views: Sequence[ResourceView], picture: Picture, choice: Choice, depth: int
) -> list[str]:
    """Those of one level; in brief, the primitives among them first, summed up."""
    if not choice.brief:
        return [line for view in views for line in _lines(view, picture, choice, depth)]
    plain = [one for one in views if one.kind == "primitive" and (one.active or not one.orphaned)]
    lines = brief(plain, "  " * depth + "* ", choice.inactive, depth > 1)
    others = [view for view in views if view.kind != "primitive"]
    return lines + [line for view in others for line in _lines(view, picture, choice, depth)]


def placed_line(view: ResourceView, place: Place) -> str:
    """An instance on one node, where the node is said already."""
    state = _failed(view) if view.failed else place.role
    return f"{clean(view.name)}\t({clean(view.agent)}):\t {_state(view, state)}{_flags(view)}"


def _wanted(view: ResourceView, name: str) -> bool:
    if not name or name in (view.id, view.name):
        return True
    return any(_wanted(child, name) for child in view.children)


def _lines(view: ResourceView, picture: Picture, choice: Choice, depth: int = 1) -> list[str]:
    if _hidden(view, picture, choice):
        return []
    indent = "  " * depth + "* "
    if view.kind == "primitive":
        return [indent + _primitive(view, picture)]
    if view.kind == "clone":
        return [indent + _clone_title(view), *_clone_body(view, picture, choice, depth + 1)]
    if view.kind == "group":
        return _group(view, picture, choice, depth)
    return _bundle(view, picture, choice, depth)


def _bundle(view: ResourceView, picture: Picture, choice: Choice, depth: int) -> list[str]:
    notes = ["unique"] if view.unique else []
    indent, below = "  " * depth + "* ", "  " * (depth + 1) + "* "
    title = clean(text_bundles.title(view, picture))
    lines = [f"{indent}{title}{_notes(notes + _common(view))}:"]
    for one in text_bundles.wanted(view, choice):
        if choice.detail:
            lines.append(f"{below}Replica[{one.number}]")
            parts = [part for part in one.parts if part.active or part.failed or choice.inactive]
            lines += ["  " * (depth + 2) + "* " + _primitive(part, picture) for part in parts]
        else:
            lines.append(below + _primitive(text_bundles.as_line(view, one), picture))
    return lines


def _hidden(view: ResourceView, picture: Picture, choice: Choice) -> bool:
    """Inactive, unless wanted; and what only stands for a guest node, unless in detail."""
    if not view.active and not view.failed and (view.orphaned or not choice.inactive):
        return True
    return not choice.detail and implicit(view, picture)


def _group(view: ResourceView, picture: Picture, choice: Choice, depth: int) -> list[str]:
    hidden = 0
    if not choice.inactive:
        hidden = sum(not child.active and not child.failed for child in view.children)
    notes = [f"{counted(hidden, 'member')} inactive"] if hidden else []
    title = f"Resource Group: {clean(view.id)}{_notes(notes + _common(view))}:"
    lines = ["  " * depth + "* " + title]
    return lines + _several(view.children, picture, choice, depth + 1)


def _clone_title(view: ResourceView) -> str:
    child = view.children[0].name.partition(":")[0] if view.children else ""
    notes = ["promotable"] if view.promotable else []
    notes += ["unique"] if view.unique else []
    return f"Clone Set: {clean(view.name)} [{clean(child)}]{_notes(notes + _common(view))}:"


def _common(view: ResourceView) -> list[str]:
    """What may stand behind any collective's name."""
    notes = []
    if disabled(view):
        notes.append("disabled")
    if view.maintenance:
        notes.append("maintenance")
    elif not view.managed:
        notes.append("unmanaged")
    return notes


def _clone_body(view: ResourceView, picture: Picture, choice: Choice, depth: int) -> list[str]:
    """Instances that are as they should be: one list a role. Others: one line each."""
    lines: list[str] = []
    running: dict[str, list[str]] = {}
    stopped = False
    unclean = _unclean(picture)
    for child in view.children:
        role = _plain_role(child, unclean)
        if view.unique or choice.detail or role is None:
            lines += _lines(child, picture, choice, depth)
        elif role == "Stopped":
            stopped = True
        else:
            running.setdefault(role, []).extend(child.nodes)
    indent = "  " * depth + "* "
    for role in _LISTED:
        if role in running:
            lines.append(f"{indent}{role}: {_names(running[role])}")
    if stopped and choice.inactive:
        lines += _stopped(view, picture, indent)
    return lines


def _plain_role(view: ResourceView, unclean: set[str]) -> str | None:
    """The one role that all of an instance is in, if nothing else is to be said of it."""
    parts = list(leaves((view,)))
    if unclean & set(view.nodes):
        return None
    roles = {part.role for part in parts}
    nodes = {part.nodes for part in parts}
    if len(roles) != 1 or len(nodes) != 1 or any(_remarkable(part) for part in parts):
        return None
    return roles.pop() if len(view.nodes) <= 1 else None


def _remarkable(view: ResourceView) -> bool:
    unmanaged_alone = not view.managed and bool(view.places)
    return (
        view.failed or view.blocked or view.orphaned or _pending(view) or bool(view.locked_to)
        or unmanaged_alone or view.failure_ignored
    )  # fmt: skip


def _stopped(view: ResourceView, picture: Picture, indent: str) -> list[str]:
    """The nodes without an instance."""
    active = set(view.nodes)
    free = [n.name for n in picture.view.nodes if n.name not in active and n.type != "guest"]
    off = " (disabled)" if disabled(view) else ""
    return [f"{indent}Stopped{off}: {_names(free)}"] if free else []


def _names(nodes: list[str]) -> str:
    return bracketed([clean(name) for name in sorted(nodes, key=natural)])


# -------------------------------------------------------------------------------------- primitives


def _primitive(view: ResourceView, picture: Picture) -> str:
    """`id\\t(agent):\\t STATE NODE (flags)`."""
    state = PENDING.get(view.pending, view.role)
    if view.failed:
        state = _failed(view)
    nodes = [clean(node) for node in view.nodes or (view.locked_to,) if node]
    said = _state(view, state)
    if len(nodes) == 1:
        said += f" {nodes[0]}"
    flags = _flags(view, bool(_unclean(picture) & set(view.nodes)))
    many = f" {bracketed(nodes)}" if len(nodes) > 1 else ""
    return f"{clean(view.name)}\t({clean(view.agent)}):\t {said}{flags}{many}"


def _failed(view: ResourceView) -> str:
    return "FAILED Promoted" if view.role == "Promoted" else "FAILED"


def _pending(view: ResourceView) -> bool:
    return view.pending in PENDING or view.pending == "monitor"


def _unclean(picture: Picture) -> set[str]:
    return {node.name for node in picture.view.nodes if node.unclean}


def _state(view: ResourceView, state: str) -> str:
    return f"ORPHANED {state}" if view.orphaned else state


def _flags(view: ResourceView, unclean: bool = False) -> str:
    flags = ["UNCLEAN"] if unclean else []
    if view.locked_to:
        flags.append("LOCKED")
    if view.pending == "monitor":
        flags.append("Monitoring")
    if disabled(view):
        flags.append("disabled")
    elif view.target_role.lower() in ("unpromoted", "slave") and view.role == "Promoted":
        flags.append("target-role:Unpromoted")
    if view.blocked:
        flags.append("blocked")
    elif view.maintenance:
        flags.append("maintenance")
    elif not view.managed:
        flags.append("unmanaged")
    if view.failure_ignored:
        flags.append("failure ignored")
    return _notes(flags)


def _notes(notes: list[str]) -> str:
    return f" ({', '.join(notes)})" if notes else ""

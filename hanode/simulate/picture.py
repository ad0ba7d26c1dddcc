"""The cluster's state in words, laid out as operators know it from crm_mon."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.pe.overview import NodeView, Overview, ResourceView

_LISTS = {
    ("member", "online"): "Online",
    ("member", "offline"): "OFFLINE",
    ("remote", "online"): "RemoteOnline",
    ("remote", "offline"): "RemoteOFFLINE",
    ("guest", "online"): "GuestOnline",
}
_ROLES = ("Promoted", "Unpromoted", "Started")


def picture(view: Overview) -> list[str]:
    """Nodes, then resources."""
    lines = ["  * Node List:", *_nodes(view), "", "  * Full List of Resources:"]
    resources = [line for top in view.resources for line in _resource(top, 2, view)]
    return [*lines, *(resources or ["    * No resources"])]


def _nodes(view: Overview) -> list[str]:
    """What is out of the ordinary by itself, the rest as lists of names."""
    lines, lists = [], dict[str, list[str]]()
    for node in view.nodes:
        heading = _LISTS.get((node.type, node.state))
        if heading is not None:
            lists.setdefault(heading, []).append(node.name)
        elif node.type != "guest" or node.online:
            kind = "" if node.type == "member" else node.type.capitalize()
            lines.append(f"    * {kind}Node {node.name}: {_loud(node)}")
    listed = [f"    * {word}: {_row(lists[word])}" for word in _LISTS.values() if word in lists]
    return [*lines, *listed] or ["    * No nodes"]


def _loud(node: NodeView) -> str:
    """What is bad stands in capitals."""
    for word in ("unclean", "offline"):
        if node.state.startswith(word):
            return word.upper() + node.state.removeprefix(word)
    return node.state


def _row(names: list[str]) -> str:
    return f"[ {' '.join(names)} ]"


def _resource(view: ResourceView, depth: int, all_: Overview) -> Iterator[str]:
    if view.orphaned and not view.active and not view.failed:
        return
    pad = "  " * depth + "* "
    match view.kind:
        case "primitive":
            yield pad + _primitive(view)
        case "clone":
            child = view.children[0].name.partition(":")[0] if view.children else ""
            notes = ("promotable", view.promotable), ("unique", view.unique), *_common(view)
            yield f"{pad}Clone Set: {view.name} [{child}]{_notes(*notes)}:"
            yield from _instances(view, depth + 1, all_)
        case _:
            word = {"group": "Resource Group", "bundle": "Container bundle"}.get(view.kind)
            yield f"{pad}{word or 'Replica'}: {view.name}{_notes(*_common(view))}:"
            for child_view in view.children:
                yield from _resource(child_view, depth + 1, all_)


def _instances(view: ResourceView, depth: int, all_: Overview) -> Iterator[str]:
    """Those that are as they should be as one list a role; the others one by one."""
    roles: dict[str, list[str]] = {}
    stopped = False
    for child in view.children:
        role = None if view.unique else _plain_role(child)
        if role is None:
            yield from _resource(child, depth, all_)
        elif role == "Stopped":
            stopped = True
        else:
            roles.setdefault(role, []).extend(child.nodes)
    pad = "  " * depth + "* "
    for role in _ROLES:
        if role in roles:
            yield f"{pad}{role}: {_row(sorted(roles[role]))}"
    free = [n.name for n in all_.nodes if n.type != "guest" and n.name not in view.nodes]
    if stopped and free:
        disabled = (("disabled", view.target_role.lower() == "stopped"),)
        yield f"{pad}Stopped{_notes(*disabled)}: {_row(sorted(free))}"


def _plain_role(view: ResourceView) -> str | None:
    """The one role of all parts of an instance, if nothing else is to be said of them."""
    parts = list(_leaves(view))
    odd = any(p.failed or p.blocked or p.orphaned or p.pending or p.locked_to for p in parts)
    odd = odd or any(not part.managed and part.active for part in parts)
    alike = len({(part.role, part.nodes) for part in parts}) == 1
    if odd or not alike or len(view.nodes) > 1:
        return None
    return parts[0].role


def _leaves(view: ResourceView) -> Iterator[ResourceView]:
    if not view.children:
        yield view
    for child in view.children:
        yield from _leaves(child)


def _primitive(view: ResourceView) -> str:
    state: str = view.role
    if view.failed:
        state = "FAILED Promoted" if view.role == "Promoted" else "FAILED"
    if view.orphaned:
        state = f"ORPHANED {state}"
    where = f" {view.nodes[0]}" if len(view.nodes) == 1 else ""
    many = f" {_row(list(view.nodes))}" if len(view.nodes) > 1 else ""
    flags = (
        ("LOCKED", bool(view.locked_to)),
        (f"{view.pending} pending", bool(view.pending)),
        ("disabled", view.target_role.lower() == "stopped"),
        ("blocked", view.blocked),
        *_common(view),
        ("failure ignored", view.failure_ignored),
    )
    return f"{view.name} ({view.agent}): {state}{where}{_notes(*flags)}{many}"


def _common(view: ResourceView) -> tuple[tuple[str, bool], ...]:
    """What may stand behind any resource's name."""
    return ("maintenance", view.maintenance), ("unmanaged", not (view.managed or view.blocked))


def _notes(*flags: tuple[str, bool]) -> str:
    said = [word for word, true in flags if true]
    return f" ({', '.join(said)})" if said else ""

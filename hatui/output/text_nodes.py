"""The node list: what is out of the ordinary by itself, the rest as lists of names."""

from __future__ import annotations

from hanode.pe.overview import NodeView
from hatui.cluster.ills import leaves
from hatui.cluster.natural import natural
from hatui.output.choice import Choice
from hatui.output.picture import Picture, feature_set, implicit
from hatui.output.text_brief import brief_here
from hatui.output.text_resources import placed_line
from hatui.output.words import bracketed, clean

_KINDS = {"member": "", "remote": "Remote", "guest": "Guest"}


def node_list(picture: Picture, choice: Choice) -> list[str]:
    nodes = sorted(picture.view.nodes, key=lambda node: natural(node.name))
    nodes = [node for node in nodes if choice.node in ("", node.name)]
    lines: list[str] = []
    lists: dict[str, list[str]] = {}
    for node in nodes:
        said = state_text(node)
        if choice.by_node and choice.brief and not node.resources:
            continue
        if choice.by_node or choice.detail or said not in ("online", "OFFLINE"):
            colon = ":" if choice.by_node else ""
            features = feature_set(node, picture) if choice.detail else ""
            told = f"{said}, feature set {clean(features)}" if features else said
            lines.append(f"  * {_title(picture, node, choice)}: {told}{colon}")
            lines += _resources(picture, node, choice) if choice.by_node else []
        else:
            kind = _KINDS[node.type]
            lists.setdefault(f"{kind}{said.capitalize() if said == 'online' else said}", []).append(
                clean(node.name)
            )
    for heading in ("Online", "OFFLINE", "RemoteOnline", "RemoteOFFLINE", "GuestOnline"):
        if heading in lists:
            lines.append(f"  * {heading}: {bracketed(lists[heading])}")
    return ["Node List:", *(lines or ["  * No nodes"])]


def state_text(node: NodeView) -> str:
    """The state as crm_mon writes it: what is bad, in capitals.

    Of a member that was never seen nobody knows that it is down: it is unclean.
    """
    unseen = node.unseen and node.type == "member"
    text = "unclean (offline)" if unseen else node.state
    for word in ("unclean", "offline"):
        if text.startswith(word):
            text = word.upper() + text.removeprefix(word)
    for health in ("red", "yellow"):
        text = text.replace(f"health is {health}", f"health is {health.upper()}")
    return text


def title(node: NodeView, choice: Choice) -> str:
    """A node's name; in detail its number, too."""
    number = f" ({clean(node.id)})" if choice.detail and node.id != node.name else ""
    return f"{clean(node.name)}{number}"


def _title(picture: Picture, node: NodeView, choice: Choice) -> str:
    """With its kind; of a guest, also its host."""
    if node.type == "guest":
        host = next((view.nodes[0] for view in leaves(picture.view.resources)
                     if view.id == node.container and view.nodes), "")  # fmt: skip
        return f"GuestNode {title(node, choice)}{f'@{clean(host)}' if host else ''}"
    return f"{_KINDS[node.type]}Node {title(node, choice)}"


def _resources(picture: Picture, node: NodeView, choice: Choice) -> list[str]:
    if choice.brief:
        agents = [
            view.agent
            for view in leaves(picture.view.resources)
            if any(place.node == node.name for place in view.places)
        ]
        return ["    * Resources:", *brief_here(agents, "      * ")]
    views = {view.id: view for view in leaves(picture.view.resources)}
    found = [
        f"      * {placed_line(view, place)}"
        for view in (views[one] for one in node.resources if one in views)  # as it remembers them
        for place in view.places
        if place.node == node.name and (choice.detail or not implicit(view, picture))
    ]
    return ["    * Resources:", *found]

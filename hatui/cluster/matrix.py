"""Every resource against every node: what runs where, and where it may not."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from hanode.pe.overview import NodeView, ResourceView
from hatui.cluster import looks
from hatui.cluster.items import Item
from hatui.cluster.looks import Look, shape
from hatui.cluster.moment import Moment
from hatui.cluster.natural import natural
from hatui.cluster.node_tree import node_look
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.safe import clean, fit
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span
from hatui.cluster.view import heading

MAY = Look("may run", "·", ".", "faint")
BANNED = Look("banned", "×", "x", "accent")
ELSEWHERE = Look("not here", " ", " ", "off")
NARROW, BROAD = 5, 14


def matrix(scene: Scene) -> tuple[Item, ...]:
    """The tree of resources, each with a cell for every node."""
    nodes = columns(scene.moment)
    cells = cell_width(scene, nodes)
    barred = _barred(scene.moment)
    plain = scene.signs.ascii_only

    def crossed(item: Item) -> Item:
        view = scene.moment.views.get(item.view)
        note: Line = ()
        if view is not None:
            looks_ = [_cell(scene.moment, view, item.resource, node, barred) for node in nodes]
            note = tuple(_drawn(look, cells, plain) for look in looks_)
        multiplied = view is not None and view.kind == "clone" and not view.unique
        below = () if multiplied else tuple(crossed(child) for child in item.children)
        return dataclasses.replace(item, where=(), note=note, children=below)

    return tuple(crossed(item) for item in resource_tree(scene.moment))


def matrix_heading(scene: Scene) -> Item:
    """The nodes' names, each over its column, with how the node is."""
    nodes = columns(scene.moment)
    cells = cell_width(scene, nodes)
    plain = scene.signs.ascii_only
    spans = []
    for node in nodes:
        look = node_look(scene.moment, node)
        ink = "dim" if look.rank == 0 else look.ink
        spans.append(Span(fit(f"{shape(look, plain)} {clean(node.name, 24)}", cells - 1,
                              scene.signs.ellipsis) + " ", ink))  # fmt: skip
    return heading("resource", "state", "", tuple(spans))


def columns(moment: Moment) -> list[NodeView]:
    return sorted(moment.overview.nodes, key=lambda node: natural(node.name))


def cell_width(scene: Scene, nodes: Sequence[NodeView]) -> int:
    """As broad as the names ask, as long as all columns fit."""
    wanted = max((len(clean(node.name, 24)) for node in nodes), default=4) + 4
    room = max(scene.cells - 40, 20) // max(len(nodes), 1)
    return max(NARROW, min(wanted, BROAD, room))


def _drawn(look: Look, cells: int, plain: bool) -> Span:
    return Span(fit(shape(look, plain), cells), look.ink)


def _cell(
    moment: Moment, view: ResourceView, resource: str, node: NodeView, barred: set[tuple[str, str]]
) -> Look:
    here = _on(view, node.name)
    if here:
        unheard = node.name in moment.unheard
        return looks.worst([_look(leaf, role, node, unheard) for leaf, role in here], _role(here))
    if not node.online or node.standby or node.standby_on_fail:
        return ELSEWHERE
    whole = moment.parents.get(resource, resource)
    return BANNED if {(resource, node.name), (whole, node.name)} & barred else MAY


def _role(here: list[tuple[ResourceView, str]]) -> Look:
    roles = {role for _, role in here}
    best = next((role for role in ("Promoted", "Unpromoted") if role in roles), "Started")
    return looks.ROLES[best]


def _look(view: ResourceView, role: str, node: NodeView, unheard: bool) -> Look:
    if view.blocked:
        return looks.BLOCKED
    if view.failed:
        return looks.FAILED
    if node.unclean:
        return looks.DOUBT
    if unheard:
        return looks.UNHEARD
    return looks.BUSY if view.pending else looks.ROLES.get(role, looks.STARTED)


def _on(view: ResourceView, node: str) -> list[tuple[ResourceView, str]]:
    """What of it is active there, and in which role."""
    if view.children:
        return [found for child in view.children for found in _on(child, node)]
    return [(view, place.role) for place in view.places if place.node == node]


def _barred(moment: Moment) -> set[tuple[str, str]]:
    """By a constraint, or, where the policy engine was asked, by its score.

    A group's members are bound to each other by scores: of them only constraints are told.
    """
    found = {(ban.resource, ban.node) for ban in moment.overview.bans}
    for name in moment.scores.names if moment.scores is not None else ():
        if moment.scores is not None and moment.parents.get(name) == name:
            totals = moment.scores.reckoning(name).totals
            found |= {(name, node) for node, score in totals.items() if score < 0}
    return found

"""A picture as crm_mon's XML, by the schema 2.25 that Debian 12 ships."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from hanode import __version__
from hanode.pe.overview import ResourceView
from hatui.cluster.ills import disabled
from hatui.output import facts
from hatui.output.asked import bans_of, concerns, fencings_of, nodes_of, resources_of
from hatui.output.choice import ALL, FENCING, Choice
from hatui.output.facts import Facts
from hatui.output.picture import Picture, feature_set
from hatui.output.text_bundles import replicas
from hatui.output.words import for_xml, moment

API = "2.25"
_NOT_IN_2_25 = ("maintenance",)
"""Attributes of resources that the schema does not know yet."""


def render(
    picture: Picture, choice: Choice = ALL, request: str = "hatui --once --output xml"
) -> str:
    root = _element(None, "pacemaker-result", {"api-version": API, "request": request})
    for sections, make in _PARTS:
        if any(map(choice.shows, sections)):
            make(root, picture, choice)
    _status(root, 0, "OK", picture.stale and f"stale data: {picture.stale}")
    etree.indent(root)
    return etree.tostring(root, encoding="unicode") + "\n"


def disconnected(message: str, code: int, request: str = "hatui --once --output xml") -> str:
    """No picture: why."""
    root = _element(None, "pacemaker-result", {"api-version": API, "request": request})
    _status(root, code, "Not connected", message)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode") + "\n"


def _status(root: etree._Element, code: int, message: str, error: str) -> None:
    status = _element(root, "status", {"code": code, "message": message})
    if error:
        errors = etree.SubElement(status, "errors")
        etree.SubElement(errors, "error").text = for_xml(error)


def _summary(root: etree._Element, picture: Picture, choice: Choice) -> None:
    summary = etree.SubElement(root, "summary")
    if choice.shows("stack"):
        _element(summary, "stack", {"type": "hanode" if picture.asked else "unknown"})
    if choice.shows("dc"):
        _element(summary, "current_dc", _current_dc(picture))
    if choice.shows("times"):
        _element(summary, "last_update", {"time": moment(picture.now)})
        changed = {"time": moment(picture.changed_at), "user": picture.changed_by, "client": "",
                   "origin": ""}  # fmt: skip
        _element(summary, "last_change", changed)
    if choice.shows("counts"):
        _counts(summary, picture)
    if choice.shows("options"):
        _element(summary, "cluster_options", facts.options(picture))


def _counts(summary: etree._Element, picture: Picture) -> None:
    counts = facts.summary(picture)
    _element(summary, "nodes_configured", {"number": counts["nodes_configured"]})
    _element(
        summary, "resources_configured",
        {
            "number": counts["resources_configured"], "disabled": counts["resources_disabled"],
            "blocked": counts["resources_blocked"],
        },
    )  # fmt: skip


def _current_dc(picture: Picture) -> Facts:
    """Without a DC, too, a live node says whether it has quorum; the schema wants a name then."""
    found: Facts = {"present": picture.has_dc}
    if picture.has_dc or picture.asked:
        numbers = {view.name: view.id for view in picture.view.nodes}
        found |= {
            "version": __version__ if picture.asked else "unknown",
            "name": picture.view.dc, "id": numbers.get(picture.view.dc, picture.view.dc),
            "with_quorum": picture.view.have_quorum, "mixed_version": False,
        }  # fmt: skip
    return found


def _nodes(root: etree._Element, picture: Picture, choice: Choice) -> None:
    nodes = etree.SubElement(root, "nodes")
    for view in nodes_of(picture, choice):
        made = _element(nodes, "node", facts.node(view))
        if features := feature_set(view, picture):
            made.set("feature_set", features)
        if view.type == "guest":
            made.set("id_as_resource", view.container or view.id)


def _resources(root: etree._Element, picture: Picture, choice: Choice) -> None:
    resources = etree.SubElement(root, "resources")
    for view in resources_of(picture.view.resources, choice):
        _resource(resources, view, picture)


def _resource(parent: etree._Element, view: ResourceView, picture: Picture) -> None:
    if view.orphaned and not view.active:
        return
    if view.kind == "primitive":
        _primitive(parent, view, picture)
        return
    made = parent
    if view.kind == "clone":
        made = _element(parent, "clone", _clone(view))
    elif view.kind == "group":
        made = _element(
            parent, "group",
            {
                "id": view.id, "number_resources": len(view.children), "managed": view.managed,
                "disabled": disabled(view),
            },
        )  # fmt: skip
    elif view.kind == "bundle":
        _bundle(parent, view, picture)
        return
    for child in view.children:
        _resource(made, child, picture)


def _bundle(parent: etree._Element, view: ResourceView, picture: Picture) -> None:
    found = replicas(view)
    made = _element(
        parent, "bundle",
        {
            "id": view.id, "type": found[0].type if found else "podman",
            "image": picture.images.get(view.id, ""), "unique": view.unique,
            "managed": view.managed, "failed": view.failed,
        },
    )  # fmt: skip
    for one in found:
        replica = _element(made, "replica", {"id": one.number})
        for part in one.parts:
            _primitive(replica, part, picture)


def _clone(view: ResourceView) -> Facts:
    """Its instances fail, each by itself; crm_mon never says so of the clone."""
    found: Facts = {
        "id": view.id, "multi_state": view.promotable, "unique": view.unique,
        "managed": view.managed, "disabled": disabled(view), "failed": False,
        "failure_ignored": False,
    }  # fmt: skip
    if view.target_role:
        found["target_role"] = view.target_role
    return found


def _primitive(parent: etree._Element, view: ResourceView, picture: Picture) -> None:
    found = facts.resource(view)
    for name in _NOT_IN_2_25:
        found.pop(name)
    made = _element(parent, "resource", found)
    numbers = {node.name: node.id for node in picture.view.nodes}
    for node in view.nodes:
        _element(made, "node", {"name": node, "id": numbers.get(node, node), "cached": True})


def _attributes(root: etree._Element, picture: Picture, choice: Choice) -> None:
    made = etree.SubElement(root, "node_attributes")
    for name, found in facts.attributes(picture, choice):
        node = _element(made, "node", {"name": name})
        for attribute, value in found.items():
            _element(node, "attribute", {"name": attribute, "value": value})


def _history(root: etree._Element, picture: Picture, choice: Choice) -> None:
    made = etree.SubElement(root, "node_history")
    node: etree._Element | None = None
    for name, remembered, operations in facts.history(picture, choice):
        if node is None or node.get("name") != name:
            node = _element(made, "node", {"name": name})
        resource = _element(node, "resource_history", remembered)
        for operation in operations:
            _element(resource, "operation_history", operation)


def _failures(root: etree._Element, picture: Picture, choice: Choice) -> None:
    failures, asked = etree.SubElement(root, "failures"), concerns(picture, choice)
    for failure in picture.failures:
        if asked(failure.node, failure.resource):
            _element(failures, "failure", facts.failure(failure))


def _fencings(root: etree._Element, picture: Picture, choice: Choice) -> None:
    history = _element(root, "fence_history", {"status": 0})
    for record in fencings_of(picture, choice):
        _element(history, "fence_event", facts.fence_event(record))


def _tickets(root: etree._Element, picture: Picture, choice: Choice) -> None:
    tickets = etree.SubElement(root, "tickets")
    for ticket in facts.tickets(picture):
        _element(tickets, "ticket", ticket)


def _bans(root: etree._Element, picture: Picture, choice: Choice) -> None:
    bans = etree.SubElement(root, "bans")
    for view in bans_of(picture, choice):
        found = facts.ban(view)
        _element(bans, "ban", {**found, "master_only": found["promoted-only"]})


_Part = Callable[[etree._Element, Picture, Choice], None]
_PARTS: tuple[tuple[tuple[str, ...], _Part], ...] = (
    (("stack", "dc", "times", "counts", "options"), _summary), (("nodes",), _nodes),
    (("resources",), _resources), (("attributes",), _attributes),
    (("operations", "failcounts"), _history), (("failures",), _failures), (FENCING, _fencings),
    (("tickets",), _tickets), (("bans",), _bans),
)  # fmt: skip


def _element(parent: etree._Element | None, tag: str, attributes: Facts) -> etree._Element:
    made = etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
    for name, value in attributes.items():
        made.set(name, _text(value))
    return made


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return for_xml(str(value))

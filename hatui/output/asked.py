"""What of a picture is asked for: one node, or one resource with all that is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from hanode.pe.overview import BanView, NodeView, ResourceView
from hanode.state.records import FencingRecord
from hatui.output.choice import Choice
from hatui.output.picture import Picture

SECTION_OF = {
    "failed": "fencing-failed", "pending": "fencing-pending", "success": "fencing-succeeded",
}  # fmt: skip
"""By a fencing's status, the section that it belongs to."""


def nodes_of(picture: Picture, choice: Choice) -> list[NodeView]:
    return [node for node in picture.view.nodes if choice.node in ("", node.name)]


def resources_of(views: Iterable[ResourceView], choice: Choice) -> tuple[ResourceView, ...]:
    """Trees, each without what is not asked for; a bundle is whole, or not there."""
    if not choice.node and not choice.resource:
        return tuple(views)
    found = (_narrowed(view, choice) for view in views)
    return tuple(view for view in found if view is not None)


def fencings_of(picture: Picture, choice: Choice) -> list[FencingRecord]:
    return [one for one in picture.fencings if choice.shows(SECTION_OF[one.status])]


def bans_of(picture: Picture, choice: Choice) -> list[BanView]:
    """A ban is a resource's, whatever node is asked for."""
    asked = concerns(picture, choice._replace(node=""))
    return [
        view
        for view in picture.view.bans
        if view.id.startswith(choice.ban_prefix) and asked(view.node, view.resource)
    ]


def concerns(picture: Picture, choice: Choice) -> Callable[[str, str], bool]:
    """Whether something of this node and this resource is asked for."""
    names = {choice.resource}
    for view in _within(picture.view.resources, choice.resource):
        names |= {view.id, view.name}

    def asked(node: str, resource: str) -> bool:
        return choice.node in ("", node) and (not choice.resource or resource in names)

    return asked


def _narrowed(view: ResourceView, choice: Choice) -> ResourceView | None:
    if choice.resource in (view.id, view.name):
        choice = choice._replace(resource="")
    if view.kind in ("primitive", "bundle"):
        named = not choice.resource or any(_within(view.children, choice.resource))
        return view if named and choice.node in ("", *view.nodes) else None
    children = resources_of(view.children, choice)
    return replace(view, children=children) if children else None


def _within(
    views: Iterable[ResourceView], name: str, below: bool = False
) -> Iterator[ResourceView]:
    """Those of this name, and all below them."""
    for view in views:
        here = below or name in (view.id, view.name)
        if here:
            yield view
        yield from _within(view.children, name, here)

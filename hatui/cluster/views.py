"""The views by name: which key, which title, which items, what to say when there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hatui.cluster.items import Item
from hatui.cluster.lists import events, failures, fencing
from hatui.cluster.moment import Moment
from hatui.cluster.news import News
from hatui.cluster.node_tree import node_tree
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.spans import Line, Span, width_of


class View(NamedTuple):
    """One way to look at a moment."""

    name: str
    key: str
    title: str
    items: Callable[[Moment, Sequence[News]], tuple[Item, ...]]
    empty: str


VIEWS: tuple[View, ...] = (
    View("resources", "1", "Resources", lambda moment, news: resource_tree(moment),
         "no resource is configured yet: hanode resource create ..."),
    View("nodes", "2", "Nodes", lambda moment, news: node_tree(moment), "no node is known yet"),
    View("failures", "4", "Failures", lambda moment, news: failures(moment),
         "no failure counts"),
    View("events", "5", "Events", lambda moment, news: events(news), "nothing has happened yet"),
    View("fencing", "7", "Fencing", lambda moment, news: fencing(moment),
         "no node has been fenced"),
)  # fmt: skip


def view_of(name: str) -> View:
    return next(view for view in VIEWS if view.name == name)


def _alert(name: str) -> str:
    return "bad" if name == "fencing" else "warn"


def tabs(current: str, moment: Moment, right: Line, cells: int) -> Line:
    """The line below the header: the views with their keys, then what the tree is doing."""
    counts = {"failures": len(moment.overview.failures), "fencing": len(moment.state.intents)}
    full: list[Span] = [Span(" ")]
    short: list[Span] = [Span(" ")]
    for view in VIEWS:
        number = counts.get(view.name, 0)
        tail = f" {number}" if number else ""
        here = view.name == current
        ink = "tab" if here else _alert(view.name) if number else "dim"
        tab = [Span(f" {view.key} ", "tab" if here else "faint"), Span(f"{view.title}{tail} ", ink)]
        full += tab
        short += (
            tab if here else [Span(f" {view.key}{tail} ", _alert(view.name) if number else "faint")]
        )
    chosen = full if width_of(full) + width_of(right) < cells else short
    gap = max(cells - width_of(chosen) - width_of(right) - 1, 1)
    return (*chosen, Span(" " * gap), *right, Span(" "))

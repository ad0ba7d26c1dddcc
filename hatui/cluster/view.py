"""What a view is: a key, a title, and how a scene becomes the items of a tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hatui.cluster.items import Item
from hatui.cluster.looks import Look
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span

AS_IT_IS = "as it is"
"""The order in which a view gives its items."""


def heading(name: str, state: str = "", where: str = "", note: Line | str = "") -> Item:
    """The words above the columns."""
    told = (Span(note, "faint"),) if isinstance(note, str) else note
    return Item("@heading", name, "heading", Look(state, " ", " ", "faint"),
                (Span(where, "faint"),) if where else (), told)  # fmt: skip


def _plain_heading(scene: Scene) -> Item:
    return heading("name", "state", "where", "")


def _none(scene: Scene) -> int:
    return 0


class View(NamedTuple):
    """One way to look at a cluster."""

    name: str
    key: str
    """As Textual names it."""
    title: str
    items: Callable[[Scene], tuple[Item, ...]]
    empty: str
    """What to say when there is nothing to show."""
    about: str
    """For the help: what is seen here, in a sentence or two."""
    heading: Callable[[Scene], Item] = _plain_heading
    headed: bool = False
    """Its columns mean nothing without their heading, however few rows there are."""
    count: Callable[[Scene], int] = _none
    """The number beside its title: what waits there for a look."""
    alarm: str = "warn"
    """The ink of that number."""
    whole: bool = False
    """It wants the whole width: no detail beside it."""
    lively: bool = False
    """It shows more than the moment, and is drawn anew whenever anything arrives."""
    newest_first: bool = False
    """New lines come in at the top, where the cursor stays."""
    orders: tuple[str, ...] = (AS_IT_IS, "worst first", "name", "node")
    """Ways to sort it."""

"""The line below the header: the views with their keys, then what the tree is doing."""

from __future__ import annotations

from collections.abc import Sequence

from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span, width_of
from hatui.cluster.view import View


def tabs(views: Sequence[View], current: str, scene: Scene, right: Line, cells: int) -> Line:
    """The titles of the current view and of what wants a look; of the others, as many as fit."""
    full = [_tab(view, view.name == current, view.count(scene)) for view in views]
    short = [(Span(f" {view.key}", "faint"),) for view in views]
    named = [view.name == current or view.count(scene) > 0 for view in views]
    room = cells - width_of(right) - 1
    for at, _ in enumerate(views):
        trial = [*named[:at], True, *named[at + 1 :]]
        if width_of(_chosen(full, short, trial)) <= room:
            named = trial
    line = _chosen(full, short, named)
    gap = max(cells - width_of(line) - width_of(right) - 1, 1)
    return (*line, Span(" " * gap), *right, Span(" "))


def _tab(view: View, here: bool, number: int) -> Line:
    tail = f" {number}" if number else ""
    ink = "tab" if here else view.alarm if number else "dim"
    return (Span(f" {view.key} ", "tab" if here else "faint"), Span(f"{view.title}{tail} ", ink))


def _chosen(full: Sequence[Line], short: Sequence[Line], named: Sequence[bool]) -> Line:
    picked = (one if whole else other for one, other, whole in zip(full, short, named, strict=True))
    return (Span(" "), *(span for line in picked for span in line))

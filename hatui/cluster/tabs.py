"""The line below the header: the views with their keys, then what the tree is doing."""

from __future__ import annotations

from collections.abc import Sequence

from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span, width_of
from hatui.cluster.view import View


def tabs(views: Sequence[View], current: str, scene: Scene, right: Line, cells: int) -> Line:
    """The title of the current view; those of what wants a look, the worst first, and of the
    others, as many as fit."""
    counts = [view.count(scene) for view in views]
    full = [_tab(view, view.name == current, count)
            for view, count in zip(views, counts, strict=True)]  # fmt: skip
    short = [_key(view, count) for view, count in zip(views, counts, strict=True)]
    named = [view.name == current for view in views]
    room = cells - (width_of(right) + 2 if right else 0)
    for at in sorted(range(len(views)), key=lambda at: _worth(views[at], counts[at])):
        trial = [*named[:at], True, *named[at + 1 :]]
        if width_of(_chosen(full, short, trial)) <= room:
            named = trial
    line = _chosen(full, short, named)
    gap = max(cells - width_of(line) - width_of(right) - 1, 1)
    return (*line, Span(" " * gap), *right, Span(" ")) if right else line


def _worth(view: View, count: int) -> int:
    """Lower is shown first."""
    return 2 if not count else 0 if view.alarm == "bad" else 1


def _key(view: View, count: int) -> Line:
    return (Span(f" {view.key}!", view.alarm) if count else Span(f" {view.key}", "faint"),)


def _tab(view: View, here: bool, number: int) -> Line:
    tail = f" {number}" if number else ""
    ink = "tab" if here else view.alarm if number else "dim"
    return (Span(f" {view.key} ", "tab" if here else "faint"), Span(f"{view.title}{tail} ", ink))


def _chosen(full: Sequence[Line], short: Sequence[Line], named: Sequence[bool]) -> Line:
    picked = (one if whole else other for one, other, whole in zip(full, short, named, strict=True))
    return (Span(" "), *(span for line in picked for span in line))

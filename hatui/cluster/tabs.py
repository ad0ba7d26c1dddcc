"""The line below the header: the views with their keys, then what the tree is doing."""

from __future__ import annotations

from collections.abc import Sequence

from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span, width_of
from hatui.cluster.view import View


def tabs(views: Sequence[View], current: str, scene: Scene, right: Line, cells: int) -> Line:
    """All titles where there is room, else those of the current view and of what wants a look."""
    full, short = [Span(" ")], [Span(" ")]
    for view in views:
        here = view.name == current
        number = view.count(scene)
        tail = f" {number}" if number else ""
        ink = "tab" if here else view.alarm if number else "dim"
        tab = [Span(f" {view.key} ", "tab" if here else "faint"), Span(f"{view.title}{tail} ", ink)]
        full += tab
        short += tab if here or number else [Span(f" {view.key}", "faint")]
    chosen = full if width_of(full) + width_of(right) < cells else short
    gap = max(cells - width_of(chosen) - width_of(right) - 1, 1)
    return (*chosen, Span(" " * gap), *right, Span(" "))

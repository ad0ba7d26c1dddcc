"""The line below the header: the views with their keys, then what the tree is doing."""

from __future__ import annotations

from collections.abc import Sequence

from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span, width_of
from hatui.cluster.view import View


def tabs(views: Sequence[View], current: str, scene: Scene, right: Line, cells: int) -> Line:
    """Titles where there is room for all of them, else that of the current view alone."""
    full, short = [Span(" ")], [Span(" ")]
    for view in views:
        here = view.name == current
        number = view.count(scene)
        tail = f" {number}" if number else ""
        ink = "tab" if here else view.alarm if number else "dim"
        tab = [Span(f" {view.key} ", "tab" if here else "faint"), Span(f"{view.title}{tail} ", ink)]
        full += tab
        short += tab if here else [Span(f" {view.key}{tail}", view.alarm if number else "faint")]
    chosen = full if width_of(full) + width_of(right) < cells else short
    gap = max(cells - width_of(chosen) - width_of(right) - 1, 1)
    return (*chosen, Span(" " * gap), *right, Span(" "))

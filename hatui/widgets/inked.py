"""A widget that draws lines of inked spans: the one place where an ink becomes a style."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span, plainly
from hatui.themes import Inks

LONGEST = 10_000
"""Characters of a span; none that a terminal shows is longer."""


def inks_of(app: App[object]) -> Inks:
    """The inks of the theme in use."""
    inks = getattr(app, "inks", None)
    assert isinstance(inks, Inks), "a hatui widget outside hatui's app"
    return inks


def ascii_only(app: App[object]) -> bool:
    """Whether its signs are to be ASCII."""
    return bool(getattr(getattr(app, "signs", None), "ascii_only", False))


def strip_of(line: Line, inks: Inks, base: Style, over: Style | None = None) -> Strip:
    """A line as Textual takes it, whoever wrote it; `over` is laid upon every span (the cursor's
    bar)."""
    line = tuple(Span(clean(text, LONGEST), ink) for text, ink in line)
    if over is not None and over.reverse:  # colours turned round would be a patchwork
        return Strip([Segment(text, base + over) for text, _ in line])
    segments = []
    for text, ink in line:
        style = base + inks.styles[ink]
        segments.append(Segment(text, style + over if over is not None else style))
    return Strip(segments)


class Inked(Widget):
    """Shows lines that it is given; repaints only what differs."""

    DEFAULT_CSS = "Inked { height: 1; width: 1fr; }"

    class Clicked(Message):
        """The mouse pointed at a place of a line."""

        def __init__(self, widget: Inked, x: int, y: int) -> None:
            super().__init__()
            self.widget, self.x, self.y = widget, x, y

        @property
        def line(self) -> Line:
            lines = self.widget.lines
            return lines[self.y] if self.y < len(lines) else ()

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Draw these from now on."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Clicked(self, event.x, event.y))

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.rich_style
        line = self._lines[y] if y < len(self._lines) else ()
        line = plainly(line) if ascii_only(self.app) else line
        strip = strip_of(line, inks_of(self.app), base)
        return strip.adjust_cell_length(width, base)

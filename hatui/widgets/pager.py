"""Lines of text that can be scrolled: the detail pane, help, explanations."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hatui.cluster.spans import Line, clip_line, plainly
from hatui.widgets.inked import ascii_only, inks_of, strip_of


class Pager(ScrollView, can_focus=True):
    """Shows lines; moves over them as the tree does."""

    DEFAULT_CSS = """
    Pager { width: 1fr; height: 1fr; overflow: hidden hidden; scrollbar-size: 0 0; }
    """

    class Resized(Message):
        """It has another width: lines must be wrapped anew."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def show(self, lines: Sequence[Line], from_top: bool = False) -> None:
        """Draw these from now on."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.virtual_size = Size(self.size.width, len(self._lines))
            self.refresh()
        if from_top:
            self.first()

    def move(self, by: int) -> None:
        most = max(len(self._lines) - self.size.height, 0)
        top = max(0, min(self.scroll_offset.y + by, most))
        self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def page(self, pages: float) -> None:
        self.move(int(pages * max(self.size.height - 1, 1)))

    def first(self) -> None:
        self.scroll_to(y=0, animate=False, immediate=True, force=True)

    def last(self) -> None:
        self.move(len(self._lines))

    def render_line(self, y: int) -> Strip:
        at, width, base = y + self.scroll_offset.y, self.size.width, self.rich_style
        line = self._lines[at] if at < len(self._lines) else ()
        more = y == self.size.height - 1 and at < len(self._lines) - 1
        room = width - 2 if more else width
        plain = ascii_only(self.app)
        line = plainly(line) if plain else line
        strip = strip_of(clip_line(line, max(room, 0)), inks_of(self.app), base)
        strip = strip.adjust_cell_length(max(room, 0), base)
        if more:
            sign = "v" if plain else "↓"
            arrow = base + inks_of(self.app).styles["dim"]
            strip = Strip.join([strip, Strip.blank(1, base), Strip([Segment(sign, arrow)])])
        return strip.adjust_cell_length(max(width, 0), base)

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.post_message(self.Resized())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.move(-3)

"""Text that fills the screen: help, detail, explanations, the classic picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from hatui.cluster.arrival import Arrival
from hatui.cluster.looks import shape
from hatui.cluster.safe import width
from hatui.cluster.spans import Line, Span, clip_line, fit_line
from hatui.cluster.verdict import in_short
from hatui.keymap import READER, bindings
from hatui.screens.live import LiveScreen
from hatui.widgets.inked import Inked
from hatui.widgets.pager import Pager

Text = Callable[[int], Sequence[Line]]
"""From a width to lines."""


class Reader(LiveScreen[None]):
    """Shows what `text` gives, and asks it again when something arrives."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(READER)

    def __init__(self, title: str, text: Text) -> None:
        super().__init__()
        self.heading = title
        self._text = text

    def compose(self) -> ComposeResult:
        yield Inked(id="header")
        yield Pager(id="text")
        yield Inked(id="keys")

    def on_mount(self) -> None:
        self.query_one(Pager).focus()
        self.draw()

    def arrive(self, arrival: Arrival) -> None:
        self.draw()

    def on_pager_resized(self) -> None:
        self.draw()

    def draw(self) -> None:
        cells = self.size.width
        self.query_one("#header", Inked).show([self._head(cells)])
        keys = (
            Span("  q", "key"),
            Span(" back   ", "dim"),
            Span("j k", "key"),
            Span(" scroll", "dim"),
        )
        self.query_one("#keys", Inked).show([keys])
        pager = self.query_one(Pager)
        pager.show(self._text(max(pager.content_size.width, 20)))

    def _head(self, cells: int) -> Line:
        """What is read; beside it, where something is amiss meanwhile, what."""
        short = in_short(self.hatui.moment, self.hatui.wire)
        sign = shape(short.look, self.hatui.signs.ascii_only)
        said = f"  {sign} {short.words.strip()} " if short.look.rank >= 2 else ""
        room = max(cells - width(said), 0)
        return clip_line(
            (*fit_line((Span(f"  {self.heading}", "tab"),), room), Span(said, short.ink)), cells
        )

    def action_move(self, by: int) -> None:
        self.query_one(Pager).move(by)

    def action_page(self, pages: float) -> None:
        self.query_one(Pager).page(pages)

    def action_first(self) -> None:
        self.query_one(Pager).first()

    def action_last(self) -> None:
        self.query_one(Pager).last()

    def action_back(self) -> None:
        self.dismiss(None)


class Described(Reader):
    """All there is to say of one thing, with its scores of this very moment."""

    def arrive(self, arrival: Arrival) -> None:
        self.hatui.decide()
        super().arrive(arrival)

"""What operators did and still holds: one card each, and its way back under `enter`."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from hatui.cluster.arrival import Arrival
from hatui.cluster.spans import Span, fit_line
from hatui.cluster.undo import Card, cards, items
from hatui.keymap import CARDS, bindings
from hatui.screens.live import LiveScreen
from hatui.screens.preview import PreviewScreen
from hatui.widgets.inked import Inked
from hatui.widgets.rows import Rows


class CardsScreen(LiveScreen[None]):
    """Those of `subject` alone, or all."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(CARDS)
    AUTO_FOCUS = "#cards"

    def __init__(self, subject: str = "") -> None:
        super().__init__()
        self._subject = subject
        self._cards: dict[str, Card] = {}

    def compose(self) -> ComposeResult:
        yield Inked(id="header")
        yield Inked(id="banner")
        yield Rows(self.hatui.signs, id="cards")
        yield Inked(id="keys")

    def on_mount(self) -> None:
        self.draw()

    def arrive(self, arrival: Arrival) -> None:
        if not self.is_mounted:
            return
        if arrival.moment is not None:
            self.draw()
        self._draw_header()

    def _draw_header(self) -> None:
        self.query_one("#header", Inked).show([self.hatui.header_line(self.size.width)])

    def draw(self) -> None:
        app, cells = self.hatui, self.size.width
        self._draw_header()
        found = [
            card for card in cards(app.moment, app.link.past)
            if self._subject in ("", card.subject)
        ]  # fmt: skip
        self._cards = {card.key: card for card in found}
        of = f" for {self._subject}" if self._subject else ""
        self.query_one("#banner", Inked).show(
            [fit_line((Span(" UNDO ", "tab"), Span(f"  what operators did{of}, and still holds",
                                                  "title")), cells)]
        )  # fmt: skip
        self.query_one(Rows).show(items(found, app.thinker.now()),
                                  f"nothing is in force{of} that could be undone")  # fmt: skip
        self.query_one("#keys", Inked).show(
            [(Span("  enter", "key"), Span(" preview the way back   ", "dim"),
              Span("q", "key"), Span(" back", "dim"))]
        )  # fmt: skip

    @on(Rows.Opened)
    def _opened(self, event: Rows.Opened) -> None:
        self.action_choose()

    @work(exclusive=True, group="acting", exit_on_error=False)
    async def action_choose(self) -> None:
        item = self.query_one(Rows).item
        card = self._cards.get(item.key) if item is not None else None
        if card is None:
            return
        if self.hatui.readonly:
            self.hatui.say(self.hatui.why_readonly, "warning")
            return
        if await self.app.push_screen_wait(PreviewScreen(card.order, self.hatui.prod)):
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.query_one(Rows).move(by)

    def action_page(self, pages: float) -> None:
        self.query_one(Rows).page(pages)

    def action_back(self) -> None:
        self.dismiss(None)

"""The picture of crm_mon, with the letters that its hands know."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from hatui.cluster.spans import BLANK, Line, Span, fit_line
from hatui.keymap import CLASSIC, bindings
from hatui.output.toggles import TOGGLES, toggle
from hatui.screens.reader import Reader
from hatui.widgets.inked import Inked


class Classic(Reader):
    """Text as of `hatui mon`; each letter turns a part of it on or off."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(CLASSIC)

    def __init__(self) -> None:
        super().__init__("crm_mon's picture", self._picture)
        self._helping = False

    def _picture(self, cells: int) -> list[Line]:
        return self._help() if self._helping else self.hatui.classic(cells)

    def draw(self) -> None:
        super().draw()
        spans = [Span("  q", "key"), Span(" back  ", "dim")]
        for one in TOGGLES:
            on = one.on(self.hatui.choice)
            spans += [Span(f" {one.letter}", "key" if on else "faint"),
                      Span("*" if on else " ", "good")]  # fmt: skip
        spans += [Span("   ? ", "key"), Span("what they are", "dim")]
        self.query_one("#keys", Inked).show([fit_line(tuple(spans), self.size.width)])

    def _help(self) -> list[Line]:
        lines: list[Line] = [BLANK]
        for one in TOGGLES:
            mark = "*" if one.on(self.hatui.choice) else " "
            lines.append((Span(f"  {mark} ", "good"), Span(f"{one.letter}  ", "key"),
                          Span(one.words)))  # fmt: skip
        return [*lines, BLANK, (Span("  * it is shown now; q goes back", "dim"),)]

    def action_turn(self, letter: str) -> None:
        self.hatui.choice = toggle(self.hatui.choice, letter)
        self._helping = False
        self.draw()

    def action_explain(self) -> None:
        self._helping = not self._helping
        self.draw()

    def action_back(self) -> None:
        if self._helping:
            self.action_explain()
        else:
            super().action_back()

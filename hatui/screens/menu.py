"""A short list to choose from, over the screen below: actions, nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen

from hatui.cluster.safe import width
from hatui.cluster.spans import Line, Span
from hatui.widgets.inked import Inked

HEAD = 2
"""Lines above the choices."""


class Choice(NamedTuple):
    """One line of a menu."""

    key: str
    """The letter that chooses it."""
    label: str
    value: str
    why_not: str = ""
    """Why it can't be chosen; empty if it can."""
    grave: bool = False


class Menu(ModalScreen[str | None]):
    """Gives the value chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down,tab", "move(1)", show=False),
        Binding("k,up,shift+tab", "move(-1)", show=False),
        Binding("enter", "choose", show=False),
        Binding("escape,backspace,q", "back", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title = title
        self._choices = tuple(choices)
        self._at = next((n for n, c in enumerate(choices) if not c.why_not), 0)

    def compose(self) -> ComposeResult:
        with Vertical(id="menu"):
            yield Inked(id="choices")

    def on_mount(self) -> None:
        longest = max((len(c.label) + len(c.why_not) + 6 for c in self._choices), default=20)
        self.set_class(getattr(getattr(self.app, "signs", None), "ascii_only", False), "-ascii")
        box, lines = self.query_one("#menu"), self.query_one(Inked)
        cells = max(longest + 2, width(self._title) + 2, 30)
        box.styles.width = min(cells + 6, max(self.app.size.width - 2, 10))
        lines.styles.height = len(self._choices) + HEAD
        self._draw()

    def _draw(self) -> None:
        lines: list[Line] = [(Span(self._title, "title"),), ()]
        for number, choice in enumerate(self._choices):
            lines.append(_line(choice, number == self._at))
        self.query_one(Inked).show(lines)

    def on_key(self, event: Key) -> None:
        for number, choice in enumerate(self._choices):
            if event.character and event.character == choice.key:
                event.stop()
                self._at = number
                self._draw()
                self.action_choose()
                return

    @on(Inked.Clicked)
    def _clicked(self, event: Inked.Clicked) -> None:
        number = event.y - HEAD
        if 0 <= number < len(self._choices):
            self._at = number
            self._draw()
            self.action_choose()

    def action_move(self, by: int) -> None:
        if self._choices:
            self._at = (self._at + by) % len(self._choices)
            self._draw()

    def action_choose(self) -> None:
        choice = self._choices[self._at] if self._choices else None
        if choice is None or choice.why_not:
            self.app.bell()
            return
        self.dismiss(choice.value)

    def action_back(self) -> None:
        self.dismiss(None)


def _line(choice: Choice, here: bool) -> Line:
    ink = "faint" if choice.why_not else "bad" if choice.grave else "text"
    pointer = Span("> " if here else "  ", "key")
    why_not = Span(f"  {choice.why_not}", "faint") if choice.why_not else Span("")
    return pointer, Span(f"{choice.key}  ", "key"), Span(choice.label, ink), why_not

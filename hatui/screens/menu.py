"""A list to choose from, over the screen below: actions, nodes; typing narrows a long one."""

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
FRAME = 4
"""Lines around all that, where there is room for a frame."""
LOW = HEAD + FRAME + 3
"""Lines of a screen below which there is none."""


class Choice(NamedTuple):
    """One line of a menu."""

    key: str
    """The letter that chooses it; where letters do not suffice, none does."""
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
        Binding("backspace", "take_back", show=False),
        Binding("escape,q", "back", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.heading = title
        self._choices = tuple(choices)
        self._long = any(len(choice.key) > 1 for choice in choices)
        self._typed = ""
        self._at = self._first_able()

    @property
    def pointed(self) -> Choice | None:
        """What enter would choose."""
        found = self._found
        return found[self._at] if found else None

    @property
    def _found(self) -> tuple[Choice, ...]:
        """Those that have what is typed in their names."""
        word = self._typed.lower()
        return tuple(one for one in self._choices if word in one.label.lower())

    def _first_able(self) -> int:
        """Where the cursor goes: to what is typed in full, else to what can be chosen."""
        found = self._found
        exact = (n for n, one in enumerate(found) if one.label == self._typed)
        able = (n for n, one in enumerate(found) if not one.why_not)
        return next(exact, next(able, 0))

    def compose(self) -> ComposeResult:
        with Vertical(id="menu"):
            yield Inked(id="choices")

    def on_mount(self) -> None:
        self.set_class(getattr(getattr(self.app, "signs", None), "ascii_only", False), "-ascii")
        self._fit()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """As large as its choices, where the screen is."""
        longest = max((len(c.label) + len(c.why_not) + 6 for c in self._choices), default=20)
        cells = max(longest + 2, width(self.heading) + 2, 30)
        self.set_class(not self._frame, "-low")
        self.query_one("#menu").styles.width = min(cells + 6, max(self.app.size.width - 2, 10))
        lines = self.query_one(Inked)
        lines.styles.height = HEAD + min(len(self._choices), self._room)
        self._draw()

    @property
    def _frame(self) -> int:
        """Lines that are not for choices, nor above them."""
        return FRAME if self.app.size.height >= LOW else 0

    @property
    def _room(self) -> int:
        """For choices."""
        return max(self.app.size.height - self._frame - HEAD, 1)

    @property
    def _top(self) -> int:
        """The first choice that is seen: the cursor stays in sight."""
        return min(max(self._at - self._room // 2, 0), max(len(self._found) - self._room, 0))

    def _draw(self) -> None:
        found, top = self._found, self._top
        lines: list[Line] = [(Span(self.heading, "title"),), self._narrowing(len(found))]
        for number, choice in enumerate(found[top : top + self._room], top):
            lines.append(_line(choice, number == self._at, lettered=not self._long))
        self.query_one(Inked).show(lines)

    def _narrowing(self, found: int) -> Line:
        if not self._long:
            return ()
        told = Span(self._typed, "key") if self._typed else Span("type to find one", "dim")
        return told, Span(f"   {min(self._at + 1, found)} of {found}", "faint")

    def on_key(self, event: Key) -> None:
        if self._long:
            if event.character and event.is_printable:
                event.stop()
                event.prevent_default()
                self._type(self._typed + event.character)
            return
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
        if 0 <= number < self._room and number + self._top < len(self._found):
            self._at = number + self._top
            self._draw()
            self.action_choose()

    def action_move(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._draw()

    def action_choose(self) -> None:
        choice = self.pointed
        if choice is None or choice.why_not:
            self.app.bell()
            return
        self.dismiss(choice.value)

    def _type(self, word: str) -> None:
        self._typed = word
        self._at = self._first_able()
        self._draw()

    def action_take_back(self) -> None:
        if self._typed:
            self._type(self._typed[:-1])
        else:
            self.action_back()

    def action_back(self) -> None:
        self.dismiss(None)


def _line(choice: Choice, here: bool, lettered: bool) -> Line:
    ink = "faint" if choice.why_not else "bad" if choice.grave else "text"
    pointer = Span("> " if here else "  ", "key")
    why_not = Span(f"  {choice.why_not}", "faint") if choice.why_not else Span("")
    return (
        pointer,
        Span(f"{choice.key}  " if lettered else "", "key"),
        Span(choice.label, ink),
        why_not,
    )

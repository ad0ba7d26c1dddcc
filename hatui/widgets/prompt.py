"""The line that is typed into: a filter after `/`, a command after `:`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from hatui.cluster.spans import Line, Span
from hatui.widgets.inked import Inked

Complete = Callable[[str], Sequence[str]]
"""From what was typed so far to whole lines that it may become, the best first."""


class Typing(Input):
    """The field itself; its keys are its own while it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "prompt_enter", show=False),
        Binding("escape", "prompt_cancel", show=False),
        Binding("up", "prompt_step(-1)", show=False),
        Binding("down", "prompt_step(1)", show=False),
        Binding("tab", "prompt_complete", show=False),
    ]

    def _prompt(self) -> Prompt:
        assert isinstance(self.parent, Prompt)
        return self.parent

    def action_prompt_enter(self) -> None:
        self._prompt().enter()

    def action_prompt_cancel(self) -> None:
        self._prompt().cancel()

    def action_prompt_step(self, by: int) -> None:
        self._prompt().post_message(Prompt.Stepped(by))

    def action_prompt_complete(self) -> None:
        self._prompt().complete()


class Prompt(Horizontal):
    """Closed until it is opened with a sign; says what was typed, and how it ended."""

    class Said(Message):
        """Something about the text of the prompt with this sign."""

        def __init__(self, sign: str, text: str) -> None:
            super().__init__()
            self.sign, self.text = sign, text

    class Typed(Said):
        """The text has changed."""

    class Entered(Said):
        """It is meant; the prompt is closed."""

    class Cancelled(Said):
        """It is not meant; the prompt is closed."""

    class Stepped(Message):
        """The cursor of the rows is to move, while the prompt stays open."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.sign = ""
        """Which one is open; empty: none."""
        self._complete: Complete | None = None
        self._before: Widget | None = None
        """What had the focus."""

    def compose(self) -> ComposeResult:
        yield Inked(id="sign")
        yield Typing(id="prompt", compact=True, select_on_focus=False)
        yield Inked(id="choices")

    @property
    def _field(self) -> Typing:
        return self.query_one(Typing)

    def open(
        self, sign: str, value: str, placeholder: str, complete: Complete | None = None
    ) -> None:
        self.sign, self._complete = sign, complete
        self.display = True
        self.query_one("#sign", Inked).show([(Span(f" {sign}", "key"),)])
        self._field.placeholder = placeholder
        self._field.value = value
        self._before = self.screen.focused
        self.screen.set_focus(self._field)  # at once: what is typed next belongs to it
        self._show_choices(value)

    def close(self) -> None:
        """What is typed next belongs to what had the focus before."""
        self.sign = ""
        self.screen.set_focus(self._before)
        self.display = False

    def enter(self) -> None:
        sign, text = self.sign, self._field.value.strip()
        self.close()
        self.post_message(self.Entered(sign, text))

    def cancel(self) -> None:
        sign, text = self.sign, self._field.value
        self.close()
        self.post_message(self.Cancelled(sign, text))

    def complete(self) -> None:
        """The best that this may become."""
        found = self._complete(self._field.value) if self._complete else ()
        if found:
            self._field.value = found[0]
            self._field.cursor_position = len(found[0])

    def _show_choices(self, text: str) -> None:
        found = self._complete(text) if self._complete and text else ()
        line: list[Span] = [Span("tab ", "key")] if found else []
        for number, choice in enumerate(found[:4]):
            line += [Span(choice.rstrip(), "text" if not number else "faint"), Span("   ")]
        shown: Line = tuple(line)
        box = self.query_one("#choices", Inked)
        box.display = bool(found)
        box.show([shown])

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.sign:
            self._show_choices(event.value)
            self.post_message(self.Typed(self.sign, event.value))

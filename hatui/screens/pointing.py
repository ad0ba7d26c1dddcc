"""The mouse on the lines around the tree: a click on a key that is shown presses it."""

from __future__ import annotations

from collections.abc import Container

from textual import on

from hatui.cluster.spans import Line
from hatui.cluster.spans import width_of as cells_of
from hatui.keymap import MAIN
from hatui.rebinding import keys_of
from hatui.screens.exporting import Exporting
from hatui.widgets.inked import Inked

_LINES = ("tabs", "keys")
"""Where keys stand before what they do."""


class Pointing(Exporting):
    """A screen whose tabs and key hints can be clicked."""

    @on(Inked.Clicked)
    async def _clicked(self, event: Inked.Clicked) -> None:
        told = {keys_of(key, self.hatui.user_keys)[0]: key.action for key in MAIN}
        key = key_at(event.line, event.x, told) if event.widget.id in _LINES else ""
        if key:
            await self.run_action(told[key])


def key_at(line: Line, x: int, keys: Container[str]) -> str:
    """The key that stands here, or before what is said here; empty if none does."""
    found, ends = "", 0
    for span in line:
        if ends > x:
            break
        said = span.text.strip() if len(span.text.strip()) == 1 else span.text.strip(" !")
        found = said if said in keys else found
        ends += cells_of((span,))
    return found if x < ends else ""

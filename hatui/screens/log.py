"""A node's own log, followed while this screen is open."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Sequence

from textual import work

from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span, wrap
from hatui.following import lines_of
from hatui.screens.reader import Reader
from hatui.widgets.pager import Pager

KEPT = 2000
FLUSH = 0.25


class LogScreen(Reader):
    """Stays at the end unless it was scrolled away from it."""

    def __init__(self, title: str, argv: Sequence[str]) -> None:
        super().__init__(title, self._drawn)
        self._argv = argv
        self._heard: deque[str] = deque(maxlen=KEPT)
        self._fresh = False

    def on_mount(self) -> None:
        self.set_interval(FLUSH, self._flush)
        self.follow()

    @work(exclusive=True, group="log", exit_on_error=False)
    async def follow(self) -> None:
        async with contextlib.aclosing(lines_of(self._argv)) as lines:
            async for line in lines:
                self._heard.append(line)
                self._fresh = True

    def _flush(self) -> None:
        if not self._fresh:
            return
        self._fresh = False
        pager = self.query_one(Pager)
        at_end = pager.scroll_offset.y + pager.size.height >= len(pager.lines)
        self.draw()
        if at_end:
            pager.last()

    def _drawn(self, cells: int) -> list[Line]:
        if not self._heard:
            return [(Span(f"  {clean(' '.join(self._argv))} ...", "dim"),)]
        return [line for said in self._heard for line in wrap(clean(said), cells) or [()]]

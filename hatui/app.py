"""The console: composes the screens, gives them the moment, and says what no widget can."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.driver import Driver

from hatui.cluster.arrival import Link
from hatui.cluster.draw import ASCII, UNICODE
from hatui.cluster.header import header
from hatui.cluster.lock import RECORDING, STARTED_SO, Lock
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span
from hatui.config import Context
from hatui.driver import patient
from hatui.link.fleet import Fleet
from hatui.link.thinker import Thinker
from hatui.output.choice import ONCE
from hatui.output.picture import of_state
from hatui.output.text import render
from hatui.palette import Deeds
from hatui.rebinding import user_keys
from hatui.remembered import keep, recall
from hatui.screens.main import MainScreen
from hatui.terminal import guard
from hatui.visiting import Visiting


class Hatui(Visiting):
    """hatui on one cluster."""

    CSS_PATH = "hatui.tcss"
    TITLE = "hatui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type]] = {Deeds}  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "ignore", show=False),
        Binding("ctrl+c", "hint_quit", show=False),
    ]

    def __init__(
        self, context: Context, link: Link, thinker: Thinker, *, theme: str = "",
        ascii_only: bool = False, readonly: bool = False, fleet: Fleet | None = None,
        keeps: bool = False,
    ) -> None:  # fmt: skip
        # Told before the filters are made: NO_COLOR then takes colours away, not contrast.
        ansi_color = True if "NO_COLOR" in os.environ else None
        firmly = STARTED_SO if context.where else RECORDING
        lock = Lock(context.readonly, firmly if readonly else "")
        super().__init__(fleet, readonly, context, link, thinker, lock, ansi_color, theme)
        self.choice = ONCE
        """What the classic picture shows."""
        self.signs = ASCII if ascii_only else UNICODE
        self.user_keys, self._keys_problem = user_keys()
        self.keeps = keeps
        """Whether it begins where the last run ended."""

    def get_driver_class(self) -> type[Driver]:
        return patient(super().get_driver_class())

    def on_mount(self) -> None:
        guard(self)
        self.set_keymap(self.user_keys)
        self.watch_themes()
        self.push_screen(MainScreen(recall(self.context.name) if self.keeps else {}))
        for problem in (self._keys_problem, *self.theme_problems):
            if problem:
                self.say(problem, "warning")
        self.link.start(self.arrive)

    async def on_unmount(self) -> None:
        await self.link.close()
        await self.fleet.close()
        self.thinker.close()

    # ------------------------------------------------------------------------- what screens use

    def header_line(self, cells: int) -> Line:
        return header(self.moment, self.wire, cells, self.signs.ascii_only, self.blast, self.slow,
                      self.thinker.now())  # fmt: skip

    def classic(self, cells: int) -> list[Line]:
        """The picture of `hatui --once`, drawn of the same moment."""
        if self.moment.problem or not self.moment.state.position.index:
            return [(Span(clean(self.moment.problem or "no state yet"), "warn"),)]
        picture = of_state(self.moment.state, self.moment.pulse, self.shown_at)
        return [(Span(clean(line)),) for line in render(picture, self.choice).splitlines()]

    # ------------------------------------------------------------------------------------- keys

    def action_hint_quit(self) -> None:
        self.say("Q leaves hatui (or :q)")

    def action_ignore(self) -> None:
        """Ctrl-q is flow control in many terminals: not a way out."""

    async def action_quit(self) -> None:
        """Not at the first word while something is half done: nobody else would go on with it."""
        course = self.half_done
        if course is not None and not course.warned:
            course.warned = True
            label = course.order.label
            self.say(f"{label} is half done, and nobody goes on with it when you leave. Once more "
                     f"leaves; left to do then: {course.rest}", "warning")  # fmt: skip
        else:
            self.exit(0)

    def exit(self, *arguments: Any, **more: Any) -> None:
        """The way out, whoever takes it."""
        for screen in self.screen_stack if self.keeps else ():
            if isinstance(screen, MainScreen):
                told = {**screen.remember(), "theme": self.chosen, "bell": self.bell_on}
                keep(self.context.name, told)
        if (course := self.half_done) is not None:
            left = f"hatui: {course.order.label} is half done; left to do: {course.rest}"
            more.setdefault("message", left)
        super().exit(*arguments, **more)

    def action_theme(self, name: str) -> None:
        if not name or not self.use_theme(name):
            self.say(f"themes: {', '.join(sorted(self.themes))}", "warning")
            return
        self.repaint()

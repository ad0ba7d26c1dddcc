"""Whom the console speaks to: one context of several, with a lock; each node of it by itself."""

from __future__ import annotations

import time
from typing import Any

from textual import work
from textual.timer import Timer

from hatui.cluster.arrival import Link
from hatui.cluster.beliefs import Word
from hatui.cluster.clock import span
from hatui.cluster.glimpse import Glimpse
from hatui.cluster.lock import STARTED_SO, Lock
from hatui.config import Context
from hatui.link.fleet import Fleet
from hatui.underway import Underway

COUNTED = 30.0
"""Seconds between two looks at how long a context is still open."""


class Visiting(Underway):
    """An app that goes from cluster to cluster."""

    def __init__(
        self, fleet: Fleet | None, readonly: bool, context: Context, link: Link, *told: Any
    ) -> None:
        super().__init__(context, link, *told)
        self.fleet = fleet or Fleet((context,), lambda _: link)
        self.prod = context.prod
        self._readonly = readonly
        self._countdown: Timer | None = None
        self.around: dict[str, Word] = {}
        self._watches = False
        """Somebody has looked at the other contexts."""

    @work(exclusive=True, group="survey", exit_on_error=False)
    async def ask_around(self) -> None:
        """Hear every node's own word; what one that is silent now has said before is over."""
        answers = await self.link.ask_around()
        if answers:
            self.around = {one.node: one for one in answers}
        for one in answers:
            if one.pulse is not None:
                self.telemetry.note(one.pulse)
        self.show_again()

    def glimpses(self) -> tuple[Glimpse, ...]:
        """Every context, this one among them."""
        current = Glimpse(self.context.name, self.moment, self.wire, True, self.prod, self.readonly)
        return self.fleet.glimpses(current)

    def watch_all(self) -> None:
        """Look at the other contexts too, from now on."""
        self._watches = True
        self.fleet.watch(self.context.name, self.show_again)

    @work(exclusive=True, group="attach", exit_on_error=False)
    async def attach(self, name: str) -> None:
        """Go to another context."""
        context = self.fleet.contexts.get(name)
        if context is None:
            known = ", ".join(self.fleet.contexts)
            self.say(f"no context {name!r}; known: {known}", "warning")
        elif name != self.context.name and self.half_done is not None:
            half = self.half_done
            self.say(f"{half.order.label} is half done here; left to do: {half.rest}", "warning")
        elif name != self.context.name:
            await self.fleet.leave(name)
            await self.link.close()
            self.begin(context, Lock(context.readonly, STARTED_SO if self._readonly else ""))
            self.link = self.fleet.dial(context)
            self.link.start(self.arrive)
            if self._watches:
                self.watch_all()
            self.show_again()

    def begin(self, context: Context, lock: Lock) -> None:
        super().begin(context, lock)
        self.prod = context.prod
        self.workers.cancel_group(self, "survey")
        self.around = {}

    # ------------------------------------------------------------------------------------- keys

    def action_attach(self, name: str) -> None:
        self.attach(name)

    def action_unlock(self, words: str) -> None:
        """Open a read-only context for a while; the header says so all the time."""
        problem = self.lock.unlock(words, time.monotonic())
        if problem:
            self.say(problem, "warning")
            return
        left = self.lock.left(time.monotonic())
        self.say(f"orders can be given for {span(left)}; :lock closes it again", "warning")
        self._count_down()

    def _count_down(self) -> None:
        """The header's minutes, until there are none."""
        self.show_again()
        if self._countdown is not None:
            self._countdown.stop()
        left = self.lock.left(time.monotonic())
        if left > 0:
            self._countdown = self.set_timer(min(left, COUNTED) + 0.1, self._count_down)

    def action_lock(self) -> None:
        self.lock.lock()
        self.show_again()

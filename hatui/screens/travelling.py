"""Time: the whole screen shows another moment; stepped through, gone to, compared."""

from __future__ import annotations

from collections.abc import Callable

from textual import work

from hatui.cluster.compare import compared
from hatui.cluster.journey import Journey
from hatui.cluster.spans import Span
from hatui.screens.acting import Acting
from hatui.screens.reader import Reader

Move = Callable[[Journey], str]
"""Moves a journey; says why not."""


class Travelling(Acting):
    """A screen with `[ ] { } T L D`."""

    def action_step(self, by: int) -> None:
        self._travel(lambda journey: journey.step(by))

    def action_walk(self, by: int) -> None:
        self._travel(lambda journey: journey.walk(by))

    def action_go_to(self, text: str) -> None:
        """`:at 14:03`."""
        self._travel(lambda journey: journey.go(text))

    def action_live(self) -> None:
        self.workers.cancel_group(self, "travel")
        self.hatui.return_to_now()

    def begin_anew(self) -> None:
        super().begin_anew()
        self.workers.cancel_group(self, "travel")

    @work(exclusive=True, group="travel", exit_on_error=False)
    async def _travel(self, move: Move) -> None:
        app = self.hatui
        journey = app.journey or await self._depart()
        if journey is None:
            return
        before = journey.at
        problem = move(journey)
        if problem:
            app.say(problem, "warning")
        if journey.at == before and app.journey is journey:
            return
        moment = await app.thinker.recollect(app.link.past, journey.at)
        if moment is None:
            app.say("the state of that moment can't be told from what is here", "warning")
        else:
            app.be_at(journey, moment)

    async def _depart(self) -> Journey | None:
        """From now; first all that the node still has is fetched."""
        past = self.hatui.link.past
        if past.reach is None or past.reach >= past.first or past.first > 1:
            problem = await self.hatui.link.recall()
            if problem:
                self.hatui.say(problem, "warning")
        if past.reach is None or not past.entries:
            self.hatui.say("nothing is known yet of what was", "warning")
            return None
        return Journey(past)

    def action_compare(self) -> None:
        """`D`: this moment beside now."""
        app = self.hatui
        if app.journey is None:
            app.say("this is now; [ goes back, D then tells what is different", "warning")
            return
        then = app.moment
        self.app.push_screen(
            Reader("then and now", lambda cells: [
                (), *[(Span("  "), *line) for line in compared(then, app.latest, cells - 4)]
            ])
        )  # fmt: skip

"""Why: a resource's place by its scores, a failure by the chain that led to it and away from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import work

from hanode.pe.why import NoSuchResource
from hatui.cluster.arrival import Arrival
from hatui.cluster.chain import Chain, alarm_at, chain_of, failure_at, fencing_at
from hatui.cluster.chain_lines import chain_lines
from hatui.cluster.items import Item
from hatui.cluster.spans import Line, Span
from hatui.cluster.why import why, why_lines
from hatui.screens.acting import Acting
from hatui.screens.reader import Reader


class Explaining(Acting):
    """A screen with `e`."""

    def action_why(self) -> None:
        """One key for every why: of a resource its scores, of what happened its chain."""
        item = self.selected()
        index = self._entry_of(item) if item is not None else 0
        if item is not None and index:
            self._show_chain(item, index)
        elif item is not None and item.kind in _HAPPENED:
            self.hatui.say("the log that is here does not reach back to it", "warning")
        elif item is None or not item.resource:
            self.hatui.say("select a resource, or something that happened, first", "warning")
        else:
            self.app.push_screen(WhyScreen(item.resource))

    def _entry_of(self, item: Item) -> int:
        """Where in the log it stands that this happened."""
        if item.kind not in _HAPPENED:
            return 0
        records = self.hatui.link.past.records()
        if item.kind == "failure":
            return failure_at(records, item.resource, item.node)
        if item.kind == "alarm":
            return alarm_at(records, item.key.partition(" ")[2])
        if item.kind == "fencing":
            return fencing_at(records, item.key)
        number = item.key.partition(".")[0]
        return int(number) if number.isdecimal() else 0

    def _show_chain(self, item: Item, index: int) -> None:
        chain = self._chain(index)
        plain = self.hatui.signs.ascii_only
        title = f"from cause to recovery: {item.name}"

        def told(cells: int) -> list[Line]:
            return [(), *_indented(chain_lines(chain(), cells - 4, plain, self.hatui.shown_at))]

        self.app.push_screen(Reader(title, told))

    def _chain(self, index: int) -> Callable[[], Chain | None]:
        """Asked anew only when the log has grown."""
        known: list[tuple[int, Chain | None]] = []

        def ask() -> Chain | None:
            past = self.hatui.link.past
            if not known or known[0][0] != past.last:
                known[:] = [(past.last, chain_of(past.records(), index))]
            return known[0][1]

        return ask


_HAPPENED = ("alarm", "event", "failure", "fencing")


class WhyScreen(Reader):
    """A resource's scores, and the smallest change that would move it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"why {name} is where it is", self._text_of)
        self._resource = name
        self._told: Sequence[str] = ()
        self._basis = -1

    def on_mount(self) -> None:
        self.hatui.decide(now=True)
        self.explain()

    def arrive(self, arrival: Arrival) -> None:
        if self.hatui.moment.state.basis != self._basis:
            self.explain()
        super().arrive(arrival)

    @work(exclusive=True, group="decide", exit_on_error=False)
    async def explain(self) -> None:
        """The policy engine tries what would move it: that may take a moment."""
        moment = self.hatui.moment
        self._basis = moment.state.basis
        try:
            self._told = await self.hatui.thinker.explain(moment, self._resource)
        except (NoSuchResource, OSError) as error:
            self._told = (str(error),)
        self.draw()

    def _text_of(self, cells: int) -> list[Line]:
        if self._told:
            return [(), *_indented(why_lines(self._told, cells - 4))]
        thinking: Line = (Span("  what would move it is being tried", "dim"),)
        return [(), *_indented(why(self.hatui.moment, self._resource, cells - 4)), (), thinking]


def _indented(lines: Sequence[Line]) -> list[Line]:
    return [(Span("  "), *line) for line in lines]

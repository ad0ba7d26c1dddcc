"""The preview of an order: the same tree as it will be, what is done in which order, then `y`.

`y` counts only while the plan is for the state that the cluster is in; when that moves, the plan is
made anew and what changed in it is said. The DC refuses the order all the same if the state moved
on the way. Once given, the same screen follows the order until it is done.
"""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Input

from hanode.cib.document import BadCib
from hanode.mgmt.draft import CannotOrder, Proposal
from hatui.cluster.arrival import Arrival
from hatui.cluster.clock import span
from hatui.cluster.fork import fork
from hatui.cluster.plan import plan
from hatui.cluster.preview import Preview, changed, differences, holds_change, preview
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span, fit_line
from hatui.cluster.steps import DONE, FAILED, SPARED, WAITING, Step, told
from hatui.commands import Order
from hatui.keymap import PREVIEW, bindings
from hatui.screens.live import LiveScreen
from hatui.widgets.inked import Inked
from hatui.widgets.pager import Pager
from hatui.widgets.rows import Rows

STAY = 1.2
"""Seconds for which a finished plan stays in sight."""
PATIENCE = 10.0
"""So long may a DC take to begin."""
SIDE_BY_SIDE = 100


class PreviewScreen(LiveScreen[bool]):
    """Gives whether the order was given."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PREVIEW)
    AUTO_FOCUS = "#resources"

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order
        self._proposal: Proposal | None = None
        self._preview: Preview | None = None
        self._asked = -1
        """The basis that is being thought about."""
        self._word = ""
        """What there is to say: why not, what changed."""
        self._states: dict[Step, str] = {}
        self._given_at = 0.0
        self._entry = 0
        """Where the order stands in the log."""
        self._phase = "thinking"
        """thinking, ready, giving, running, over"""
        self._view = "resources"

    def compose(self) -> ComposeResult:
        yield Inked(id="header")
        yield Inked(id="banner")
        with Container(id="body"):
            with Container(id="views"):
                for name in ("resources", "nodes"):
                    rows = Rows(self.hatui.signs, id=name)
                    rows.forced = holds_change
                    rows.display = name == self._view
                    yield rows
            yield Pager(id="plan")
        yield Inked(id="word")
        yield Inked(id="keys")
        yield Input(id="prompt", compact=True)

    def on_mount(self) -> None:
        self.query_one("#prompt").display = False
        self.think()
        self.draw()

    @on(Pager.Resized)
    def _resized(self, event: Pager.Resized) -> None:
        self.draw()

    # -------------------------------------------------------------------------------- thinking

    @property
    def level(self) -> int:
        """The rung of the ladder: L3 as well where much is at stake."""
        grave = self._preview is not None and self._preview.grave
        risky = self._proposal is not None and self._proposal.risky
        return 3 if grave or risky or (self.hatui.prod and self._order.level > 1) else (
            self._order.level
        )  # fmt: skip

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def think(self) -> None:
        """Ask the policy engine, on the newest state."""
        state = fork(self.hatui.moment.state)
        self._asked = state.basis
        try:
            proposal = self._order.build(state)
            forecast = await self.hatui.thinker.forecast(state, proposal.events)
        except (CannotOrder, BadCib) as error:
            self._phase, self._word = "over", str(error)
            self.draw()
            return
        if self._phase not in ("thinking", "ready"):
            return
        new = preview(forecast)
        if self._preview is not None and self._preview.basis != new.basis:
            self._word = differences(self._preview, new)
        self._proposal, self._preview, self._phase = proposal, new, "ready"
        self._show_trees(new)
        self.draw()
        self._ask_name()

    def _show_trees(self, new: Preview) -> None:
        for name, items in (("resources", new.resources), ("nodes", new.nodes)):
            rows = self.query_one(f"#{name}", Rows)
            rows.show(items)
            marked = [item for item in changed(items) if not item.children]
            if marked:
                rows.go(marked[0].key)

    def arrive(self, arrival: Arrival) -> None:
        if self._phase in ("thinking", "ready"):
            if self.hatui.moment.state.basis != self._asked:
                self._phase = "thinking"
                self.think()
        elif self._phase in ("giving", "running"):
            for event in arrival.events:
                self._states.update(told(self._states, event))
            self._see_whether_done()
        self.draw()

    # --------------------------------------------------------------------------------- drawing

    def draw(self) -> None:
        if not self.is_mounted:
            return
        app, cells = self.hatui, self.size.width
        self.set_class(cells >= SIDE_BY_SIDE, "-wide")
        self.query_one("#header", Inked).show([app.header_line(cells)])
        self.query_one("#banner", Inked).show([self._banner(cells)])
        self.query_one("#word", Inked).show([(Span(f" {clean(self._word)}", "warn"),)])
        self.query_one("#word").display = bool(self._word)
        self.query_one("#keys", Inked).show([self._keys()])
        pane = self.query_one("#plan", Pager)
        pane.show(self._plan(max(pane.content_size.width, 20)))

    def _banner(self, cells: int) -> Line:
        name = {"running": "RUNNING", "giving": "RUNNING", "over": "DONE"}.get(
            self._phase, "PREVIEW"
        )
        if self._phase == "over" and not self._given_at:
            name = "NOT POSSIBLE"
        ink = "stale" if name in ("PREVIEW", "RUNNING") else "tab"
        return fit_line(
            (Span(f" {name} ", ink), Span(f"  {clean(self._order.label)}", "title")), cells
        )

    def _plan(self, cells: int) -> list[Line]:
        if self._proposal is None or self._preview is None:
            thinking = "the policy engine is thinking" if self._phase == "thinking" else self._word
            return [(Span(clean(thinking), "dim"),)]
        shown = self._preview
        return plan(self._proposal.sentence, shown.steps, self._states, shown.remains,
                    self._proposal.command, cells, self.hatui.signs,
                    tight=self.size.width < SIDE_BY_SIDE)  # fmt: skip

    def _keys(self) -> Line:
        if self._phase in ("running", "giving"):
            return (Span("  esc", "key"), Span(" leave it running", "dim"))
        if self._phase == "over":
            return (Span("  esc", "key"), Span(" back", "dim"))
        yes: Line = (Span("  y", "key"), Span(" do it", "dim"))
        if self.level == 1:
            yes = (Span("  enter", "key"), Span(" do it", "dim"))
        elif self.level >= 3:
            yes = (Span("  type ", "bad"), Span(clean(self._order.object), "title"),
                   Span(" and enter", "bad"))  # fmt: skip
        if self._phase == "thinking":
            yes = (Span("  thinking", "busy"),)
        return (
            *yes,
            Span("    esc", "key"),
            Span(" leave it", "dim"),
            Span("    1 2", "key"),
            Span(" resources, nodes", "dim"),
            Span("    tab", "key"),
            Span(" plan", "dim"),
        )

    # ------------------------------------------------------------------------------------ keys

    def action_yes(self) -> None:
        if self._phase == "ready" and self.level <= 2:
            self.give()
        elif self._phase == "ready":
            self._ask_name()

    def action_enter(self) -> None:
        if self._phase == "ready" and self.level == 1:
            self.give()

    def _ask_name(self) -> None:
        """L3: the object's name, typed out."""
        if self._phase != "ready" or self.level < 3:
            return
        prompt = self.query_one("#prompt", Input)
        if not prompt.display:
            prompt.display = True
            prompt.placeholder = f"type {self._order.object} to go ahead, esc to leave it"
            prompt.focus()

    @on(Input.Submitted, "#prompt")
    def _named(self, event: Input.Submitted) -> None:
        if self._phase != "ready":
            return
        if event.value.strip() == self._order.object:
            self.query_one("#prompt").display = False
            self.query_one(f"#{self._view}").focus()
            self.give()
        else:
            self._word = f"that is not its name; type {self._order.object}"
            self.draw()

    def action_back(self) -> None:
        self.dismiss(self._given_at > 0)

    def key_escape(self) -> None:
        self.action_back()

    def key_1(self) -> None:
        self._switch("resources")

    def key_2(self) -> None:
        self._switch("nodes")

    def _switch(self, name: str) -> None:
        self._view = name
        for other in ("resources", "nodes"):
            self.query_one(f"#{other}").display = other == name
        self.query_one(f"#{name}").focus()

    @property
    def _part(self) -> Rows | Pager:
        pane = self.query_one("#plan", Pager)
        return pane if pane.has_focus else self.query_one(f"#{self._view}", Rows)

    def action_move(self, by: int) -> None:
        self._part.move(by)

    def action_page(self, pages: float) -> None:
        self._part.page(pages)

    def action_close_branch(self) -> None:
        self.query_one(f"#{self._view}", Rows).close_or_up()

    def action_open_branch(self) -> None:
        self.query_one(f"#{self._view}", Rows).open_or_down()

    def action_other_pane(self) -> None:
        pane = self.query_one("#plan", Pager)
        target = self.query_one(f"#{self._view}") if pane.has_focus else pane
        target.focus()

    # --------------------------------------------------------------------------- giving, following

    @work(group="give", exit_on_error=False)
    async def give(self) -> None:
        """Send it; the DC takes it only if the state is still the one of the preview."""
        proposal, shown = self._proposal, self._preview
        if proposal is None or shown is None or self._phase != "ready":
            return
        self._phase, self._word = "giving", ""
        self._given_at = time.monotonic()
        self._states = dict.fromkeys(shown.steps, WAITING)
        self.draw()
        outcome = await self.hatui.link.order(proposal.events, shown.basis, proposal.command)
        if outcome.entry is None:
            self._refused(outcome.code, outcome.message)
            return
        self._phase, self._entry = "running", outcome.entry
        self.set_timer(PATIENCE, self._patience)
        self._see_whether_done()
        self.draw()

    def _refused(self, code: str, message: str) -> None:
        self._given_at, self._states = 0.0, {}
        if code == "stale":
            self._phase, self._word = (
                "thinking",
                "the cluster moved on before it was taken; look again",
            )
            self.think()
        else:
            self._phase, self._word = "over", f"refused: {message}"
        self.draw()

    def _arrived(self) -> bool:
        """The DC has walked a transition to its end that knew of the order."""
        last = next(iter(self.hatui.moment.state.transitions), None)
        return last is not None and last.basis >= self._entry and last.outcome == "complete"

    def _patience(self) -> None:
        """Nothing was begun: the DC saw no need for what is left."""
        if self._phase == "running" and self.hatui.moment.state.transition is None:
            self._drop_the_rest()
            self._see_whether_done()
            self.draw()

    def _drop_the_rest(self) -> None:
        """The cluster is where it wants to be: what was not done was not needed."""
        for step, state in self._states.items():
            if state == WAITING:
                self._states[step] = SPARED

    def _see_whether_done(self) -> None:
        """When every step is settled: say so, stay for a moment, go back."""
        if self._phase != "running":
            return
        if self._arrived():
            self._drop_the_rest()
        if any(state == WAITING for state in self._states.values()):
            return
        self._phase = "over"
        failed = [step for step, state in self._states.items() if state == FAILED]
        done = sum(1 for state in self._states.values() if state == DONE)
        took = span(time.monotonic() - self._given_at)
        label = self._order.label
        if failed:
            self.hatui.say(f"{label}: {failed[0].sentence} failed", "error")
            return
        self.hatui.say(f"{label}: done, {done} steps in {took}" if done else f"{label}: done")
        self.set_timer(STAY if done else 0.01, self._close)

    def _close(self) -> None:
        if self.is_current:
            self.dismiss(True)

"""The preview of an order: the same tree as it will be, what is done in which order, then `y`.

`y` counts only while the plan is for the state that the cluster is in (see cluster/course.py); the
DC refuses the order all the same if the state moved on the way. Once given, the same screen
follows the order until it is done; who leaves it leaves the order to the app (see underway.py).
"""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Input

from hanode.cib.document import BadCib
from hanode.mgmt.proposal import CannotOrder
from hanode.mgmt.what_if import what_if
from hatui.cluster.arrival import Arrival
from hatui.cluster.course import OVER, READY, THINKING, Course
from hatui.cluster.edges import banner, keys
from hatui.cluster.fork import fork
from hatui.cluster.order import Order
from hatui.cluster.pace import pace_of
from hatui.cluster.plan import plan
from hatui.cluster.preview import Preview, changed, holds_change, preview
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span, clip_line
from hatui.cluster.steps import DONE
from hatui.keymap import PREVIEW, bindings
from hatui.screens.live import LiveScreen
from hatui.widgets.inked import Inked
from hatui.widgets.pager import Pager
from hatui.widgets.rows import Rows

STAY = 1.2
"""Seconds for which a finished plan stays in sight."""
TICK = 0.5
"""Between two looks at the clock while it runs."""
SIDE_BY_SIDE = 100


class PreviewScreen(LiveScreen[bool]):
    """Gives whether the order was given."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PREVIEW)
    AUTO_FOCUS = "#resources"

    def __init__(self, order: Order, prod: bool = False) -> None:
        super().__init__()
        self._order = order
        self._course = Course(order, prod)
        self._view = "resources"
        self._ticking: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Inked(id="header")
        yield Inked(id="banner")
        with Container(id="body"):
            with Container(id="views"):
                for name in ("resources", "nodes"):
                    rows = Rows(self.hatui.signs, id=name)
                    rows.outline.forced = holds_change
                    rows.display = name == self._view
                    yield rows
            yield Pager(id="plan")
        yield Inked(id="word")
        yield Inked(id="keys")
        yield Input(id="prompt", compact=True)

    def on_mount(self) -> None:
        self._course.look = self.hatui.look
        self.query_one("#prompt").display = False
        self.think()
        self.draw()

    @on(Pager.Resized)
    def _resized(self, event: Pager.Resized) -> None:
        self.draw()

    # -------------------------------------------------------------------------------- thinking

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def think(self) -> None:
        """Ask the policy engine, on the newest state."""
        course, state = self._course, fork(self.hatui.ground.state)
        course.think_on(state)
        try:
            proposal = self._order.build(state)
            halved = self._order.then is not None
            then = course.second(what_if(state, proposal.events)) if halved else None
            forecast = await self.hatui.thinker.forecast(
                state, proposal.events, then.events if then else ()
            )
        except (CannotOrder, BadCib) as error:
            course.impossible(str(error))
            self.draw()
            return
        told = preview(forecast, pace_of(self.hatui.ledger, state))
        course.thought(proposal, told, time.monotonic(), then.command if then else "")
        if course.preview is not None:
            self._show_trees(course.preview)
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
        if self._course.overtaken(self.hatui.ground.state):
            self.think()
        self._follow()
        self.draw()

    # --------------------------------------------------------------------------------- drawing

    def draw(self) -> None:
        if not self.is_mounted:
            return
        app, cells, course = self.hatui, self.size.width, self._course
        self.set_class(cells >= SIDE_BY_SIDE, "-wide")
        self.query_one("#header", Inked).show([app.header_line(cells)])
        self.query_one("#banner", Inked).show([banner(course, time.monotonic(), cells)])
        word: Line = (Span(f" {clean(course.word)}", "warn"),)
        self.query_one("#word", Inked).show([clip_line(word, cells, app.signs.ellipsis)])
        self.query_one("#word").display = bool(course.word)
        self.query_one("#keys", Inked).show([keys(course)])
        pane = self.query_one("#plan", Pager)
        pane.show(self._plan(max(pane.content_size.width, 20)))

    def _plan(self, cells: int) -> list[Line]:
        course = self._course
        if course.proposal is None or course.preview is None:
            thinking = course.phase == THINKING
            return [(Span("the policy engine is thinking" if thinking else course.word, "dim"),)]
        return plan(course.proposal, course.preview, course.states, cells, self.hatui.signs,
                    self._order.details, tight=self.size.width < SIDE_BY_SIDE)  # fmt: skip

    # ------------------------------------------------------------------------------------ keys

    def action_yes(self) -> None:
        if self._course.phase == READY and 0 < self._course.level <= 2:
            self.give()
        else:
            self._ask_name()

    def action_enter(self) -> None:
        if self._course.phase == READY and self._course.level == 1:
            self.give()

    def _ask_name(self) -> None:
        """L3: the object's name, typed out."""
        if self._course.phase != READY or self._course.level < 3:
            return
        prompt = self.query_one("#prompt", Input)
        if not prompt.display:
            prompt.display = True
            prompt.placeholder = f"type {self._order.object} to go ahead, esc to leave it"
            prompt.focus()

    @on(Input.Submitted, "#prompt")
    def _named(self, event: Input.Submitted) -> None:
        if self._course.phase != READY:
            return
        if event.value.strip() == self._order.object:
            self.query_one("#prompt").display = False
            self.query_one(f"#{self._view}").focus()
            self.give()
        else:
            self._course.word = f"that is not its name; type {self._order.object}"
            self.draw()

    def action_back(self) -> None:
        self.dismiss(self._course.given)

    def action_switch(self, name: str) -> None:
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

    def give(self) -> None:
        """From here on the app sees to it, whether this screen is shown or not."""
        course = self._course
        if self.hatui.readonly:
            course.impossible(self.hatui.why_readonly)
        elif course.give(time.monotonic()):
            self._ticking = self.set_interval(TICK, self.draw)
            self.hatui.carry_out(course)
        self.draw()

    def _follow(self) -> None:
        """When it is done: stay for a moment, go back; when it came too late: think anew."""
        if self._ticking is None or self._course.phase not in (OVER, THINKING):
            return
        self._ticking.stop()
        self._ticking = None
        course = self._course
        if course.phase == THINKING:
            self.think()
        elif course.ended_well:
            self.set_timer(STAY if DONE in course.states.values() else 0.01, self._close)

    def _close(self) -> None:
        if self.is_current:
            self.dismiss(True)

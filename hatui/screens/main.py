"""The screen that stays open all night: header, tree, detail, what happened last, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from hatui.clipboard import copy
from hatui.cluster.arrival import Arrival
from hatui.cluster.blast_words import in_full
from hatui.cluster.copying import offers
from hatui.cluster.detail import detail
from hatui.cluster.filter import parse
from hatui.cluster.foot import foot, hints, ticker
from hatui.cluster.items import Item
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span, wrap
from hatui.cluster.tabs import tabs
from hatui.cluster.view import AS_IT_IS
from hatui.completion import complete_command, complete_filter
from hatui.keymap import MAIN, bindings
from hatui.screens.classic import Classic
from hatui.screens.following import Following
from hatui.screens.help import help_text
from hatui.screens.menu import Choice, Menu
from hatui.screens.reader import Reader
from hatui.views import VIEWS, view_of
from hatui.widgets.inked import Inked
from hatui.widgets.pager import Pager
from hatui.widgets.prompt import Complete, Prompt
from hatui.widgets.rows import Rows

WIDE, TALL = 120, 40
"""From so many columns the detail pane is at the right; from so many rows, below."""
SURVEY = 3.0
"""Seconds between two questions to all nodes, while their answers are looked at."""
HEADED = 28
"""From so many rows the columns have headings, whether they need them or not."""


class MainScreen(Following):
    """Shows one view of the app's moment at a time."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(MAIN)
    AUTO_FOCUS = "#resources"

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self._drawn: tuple[object, ...] = ()
        """What the rows were drawn from."""
        self._kept = dict(kept or {})
        """Where the last run ended."""
        self.view = "resources"
        self._last_view = "nodes"
        self._filters: dict[str, str] = {}
        self._faults = False

    def compose(self) -> ComposeResult:
        yield Inked(id="header")
        yield Inked(id="time")
        yield Inked(id="tabs")
        with Container(id="body"):
            with Container(id="views"):
                yield Inked(id="heading")
                for view in VIEWS:
                    rows = Rows(self.hatui.signs, id=view.name)
                    rows.display = view.name == self.view
                    rows.follows_first = view.newest_first
                    yield rows
            yield Pager(id="detail")
        yield Inked(id="ticker")
        yield Inked(id="tour")
        yield Inked(id="keys")
        yield Prompt(id="ask")

    def on_mount(self) -> None:
        self.query_one("#ask").display = False
        self.set_interval(SURVEY, self._survey)
        self.recall(self._kept)
        self._lay_out()
        self.draw()

    def _survey(self) -> None:
        """Only while somebody looks."""
        if self.view == "links" and self.app.screen is self and not self.hatui.frozen:
            self.hatui.ask_around()

    # --------------------------------------------------------------------------------- drawing

    @property
    def scene(self) -> Scene:
        """What the view in sight is drawn from."""
        app = self.hatui
        cells = self.rows.size.width or self.size.width
        return Scene(
            app.moment, app.news, app.wire, cells, app.signs, app.ledger, app.telemetry,
            app.around, app.glimpses(), app.blast, app.thinker.now(),
        )  # fmt: skip

    def arrive(self, arrival: Arrival) -> None:
        self.draw()
        self.follow(arrival.news)

    def draw(self) -> None:
        """Everything, from what the app holds; widgets repaint only what differs."""
        if not self.is_mounted:
            return
        app, view = self.hatui, view_of(self.view)
        scene = self.scene
        basis = (view.name, scene.cells, app.blast, app.moment.overview, app.moment.decision)
        if view.lively or not _same(basis, self._drawn):
            self._drawn = basis
            empty = app.moment.problem or view.empty
            self.rows.show(view.items(scene), empty, view.heading(scene))
        self.draw_header()
        self.draw_around()

    def draw_header(self) -> None:
        self.draw_time()
        self.query_one("#header", Inked).show([self.hatui.header_line(self.size.width)])

    def draw_time(self) -> None:
        """The amber bar, where the screen shows the past; the tour, where there is one."""
        self.draw_tour()
        app, bar = self.hatui, self.query_one("#time", Inked)
        bar.display = app.journey is not None
        if app.journey is not None:
            now = app.thinker.now()
            bar.show([app.journey.bar(self.size.width, now, app.signs.ascii_only)])

    def draw_around(self) -> None:
        """What follows the cursor."""
        app, cells, scene = self.hatui, self.size.width, self.scene
        line = tabs(VIEWS, self.view, scene, self._corner(), cells)
        self.query_one("#tabs", Inked).show([line])
        self.query_one("#heading", Inked).show([self.rows.heading(scene.cells - 1)])
        lines = self.query_one("#ticker", Inked)
        lines.show(ticker(app.news, int(lines.size.height or 1), cells, app.signs))
        keys = foot(hints(self.rows.item, self.view, app.readonly), cells)
        self.query_one("#keys", Inked).show([keys])
        pane = self.query_one("#detail", Pager)
        if pane.display:
            pane.show(self._detail(max(pane.content_size.width, 20)))
            app.decide()

    def _detail(self, cells: int) -> list[Line]:
        app, item = self.hatui, self.rows.item
        if item is None:
            if self._filters.get(self.view):
                return wrap("nothing here matches the filter; q takes it away", cells, "dim")
            return wrap(self.rows.empty, cells, "dim")
        if item.kind == "event":
            said = wrap("".join(span.text for span in item.note), cells, item.note[0].ink)
            return [(Span(f"{item.name}  entry {item.key.partition('.')[0]}", "dim"),), (), *said]
        return detail(app.moment, item, cells, app.signs.ascii_only)

    def _corner(self) -> Line:
        """What the tree is doing: filter, marks, freeze, place."""
        app = self.hatui
        spans: list[Span] = []
        if app.frozen:
            spans += [Span(f" FROZEN +{app.missed} ", "stale"), Span(" ")]
        if self._faults:
            spans += [Span("faults only ", "warn")]
        if self.following:
            spans += [Span("following ", "busy")]
        if self.rows.order != AS_IT_IS:
            spans += [Span(f"{self.rows.order} ", "accent")]
        if self._filters.get(self.view):
            spans += [Span("/", "key"), Span(f"{self._filters[self.view]} ", "accent")]
        if self.marked:
            spans += [Span(f"{len(self.marked)} marked ", "mark")]
        at, count = self.rows.position
        if count > self.rows.size.height:
            spans.append(Span(f"{at}/{count}", "faint"))
        return tuple(spans)

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out()
        self.call_after_refresh(self.draw)

    def _lay_out(self) -> None:
        """Where the detail pane is, and how many lines the ticker has."""
        width, height = self.size
        view = view_of(self.view)
        wide, tall = width >= WIDE, height >= TALL
        self.set_class(wide, "-wide")
        self.set_class(tall and not wide, "-tall")
        self.query_one("#detail").display = self.pane_wanted and not view.whole and (wide or tall)
        self.query_one("#heading").display = height >= HEADED or (view.headed and height > 10)
        lines = 6 if height >= 48 else 4 if height >= 36 else 2 if height >= 28 else 1
        self.query_one("#ticker").styles.height = lines if height > 8 else 0
        self.query_one("#tabs").display = height > 6

    # ------------------------------------------------------------------------------- messages

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self.query_one("#detail", Pager).first()
        self.draw_around()

    @on(Rows.Opened)
    def _opened(self, event: Rows.Opened) -> None:
        self.action_enter()

    @on(Pager.Resized)
    def _resized(self, event: Pager.Resized) -> None:
        self.draw_around()

    # ----------------------------------------------------------------------------- keys: views

    def action_view(self, name: str) -> None:
        if name != self.view:
            self._last_view, self.view = self.view, name
            for view in VIEWS:
                self.query_one(f"#{view.name}").display = view.name == name
        self._lay_out()
        self.rows.focus()
        if name == "clusters":
            self.hatui.watch_all()
        self.draw()
        self._survey()

    def action_last_view(self) -> None:
        self.action_view(self._last_view)

    def action_classic(self) -> None:
        self.app.push_screen(Classic())

    # ---------------------------------------------------------------------- keys: look closer

    def action_filter(self) -> None:
        self._open_prompt("/", self._filters.get(self.view, ""))

    def action_go_to_prompt(self) -> None:
        self._open_prompt(":", "at ")

    def action_command(self) -> None:
        self._open_prompt(":", "")

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_match(self, by: int) -> None:
        text = self._filters.get(self.view, "")
        wanted = parse(text) if text else None
        self.rows.next_match(by, lambda item: wanted(item) if wanted else item.rank >= 2)

    def action_faults(self) -> None:
        self._faults = not self._faults
        for view in VIEWS:
            self.query_one(f"#{view.name}", Rows).faults_only(self._faults)
        self.draw_around()

    def action_wide(self) -> None:
        self.pane_wanted = not self.pane_wanted
        self._lay_out()
        self.call_after_refresh(self.draw)

    def action_enter(self) -> None:
        item = self.rows.item
        if item is not None and item.kind == "section":
            self.rows.fold(item.key, self.rows.rows[self.rows.position[0] - 1].state == "closed")
        elif item is not None and item.kind == "context":
            self.hatui.attach(item.name)
        elif item is None:
            self.app.push_screen(Reader("nothing", lambda cells: wrap(self.rows.empty, cells)))
        else:
            self.hatui.decide(now=True)
            self.app.push_screen(Reader(item.name, lambda cells: self._detail(min(cells, 100))))

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy(self) -> None:
        """`c`: what of it, then into the clipboard."""
        item = self.rows.item
        if item is None:
            self.hatui.say("nothing is selected", "warning")
            return
        found = offers(item, self._detail(100))
        choices = [Choice(key, label, key) for key, label, _ in found]
        chosen = await self.app.push_screen_wait(Menu(f"copy of {item.name}", choices))
        for key, _, text in found:
            if key == chosen:
                self.hatui.say(copy(text, self.hatui.write))

    def action_blast(self) -> None:
        """What the loss of this node, or of each, would do."""
        item = self.rows.item
        chosen = item.resource or item.node if item is not None else ""
        told = f"what a loss would do to {chosen}" if chosen else "what a loss would do"
        self.app.push_screen(
            Reader(told, lambda cells: in_full(self.hatui.blast, chosen, min(cells, 100)))
        )

    # ------------------------------------------------------------------------------ the prompt

    def _open_prompt(self, sign: str, value: str) -> None:
        self.query_one("#keys").display = False
        self.query_one(Prompt).open(sign, value, _PLACEHOLDERS[sign], self._completions(sign))

    def _completions(self, sign: str) -> Complete:
        app = self.hatui
        if sign == "/":
            return lambda text: complete_filter(text, app.moment)
        contexts = [glimpse.name for glimpse in app.glimpses()]
        return lambda text: complete_command(text, app.moment, app.themes, contexts)

    def _prompt_closed(self) -> None:
        self.query_one("#keys").display = True
        self.rows.focus()
        self.draw_around()

    @on(Prompt.Typed)
    def _typed(self, event: Prompt.Typed) -> None:
        if event.sign == "/":
            self._search(event.text)

    @on(Prompt.Entered)
    def _entered(self, event: Prompt.Entered) -> None:
        self._prompt_closed()
        if event.sign == ":" and event.text:
            self.run_command(event.text)

    @on(Prompt.Cancelled)
    def _cancelled(self, event: Prompt.Cancelled) -> None:
        if event.sign == "/":
            self._search("")
        self._prompt_closed()

    @on(Prompt.Stepped)
    def _stepped(self, event: Prompt.Stepped) -> None:
        self.rows.move(event.by)

    def _search(self, text: str) -> None:
        self._filters[self.view] = text
        self.rows.search(parse(text))
        self.draw_around()

    # ---------------------------------------------------------------------------- keys: the rest

    def action_back(self) -> None:
        if self._filters.get(self.view):
            self._search("")
        elif self._faults:
            self.action_faults()
        elif self.marked:
            self.action_unmark()
        elif self.view != "resources":
            self.action_view("resources")

    def action_freeze(self) -> None:
        self.hatui.freeze()
        self.draw()

    def action_resync(self) -> None:
        self.hatui.link.resync()
        self.hatui.say("attaching anew")

    def action_bell(self) -> None:
        self.hatui.bell_on = not self.hatui.bell_on
        self.hatui.say(f"the bell is {'on' if self.hatui.bell_on else 'off'}")

    def action_help(self) -> None:
        keys = self.hatui.user_keys
        view = view_of(self.view)
        self.app.push_screen(Reader(f"keys: {view.title}", lambda _: help_text(MAIN, keys, view)))

    def selected(self) -> Item | None:
        return self.rows.item

    @work(exclusive=True, group="command", exit_on_error=False)
    async def run_command(self, text: str) -> None:
        """A line after `:`."""
        await self.obey(text)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """The very same things; to compare their contents would cost more than to draw them."""
    return len(one) == len(other) and all(
        a is b or (isinstance(a, (str, int)) and a == b) for a, b in zip(one, other, strict=True)
    )


_PLACEHOLDERS = {
    "/": "filter: web  !web  node:n1  state:failed  is:unmanaged  agent:IPaddr2  ~fuzzy",
    ":": "command: move web n2   standby n1   filter failed   theme hatui-light   q",
}

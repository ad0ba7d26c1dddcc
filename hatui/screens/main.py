"""The screen that stays open all night: header, tree, detail, what happened last, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from hatui.clipboard import copy
from hatui.cluster.blast_words import in_full
from hatui.cluster.copying import offers
from hatui.cluster.filter import parse
from hatui.cluster.items import Item
from hatui.cluster.spans import Line, wrap
from hatui.keymap import MAIN, bindings
from hatui.screens.asking import Asking
from hatui.screens.classic import Classic
from hatui.screens.help import help_text
from hatui.screens.menu import Choice, Menu
from hatui.screens.reader import Described, Reader
from hatui.views import VIEWS, view_of
from hatui.widgets.inked import Inked
from hatui.widgets.pager import Pager
from hatui.widgets.prompt import Prompt
from hatui.widgets.rows import Rows

SURVEY = 3.0
"""Seconds between two questions to all nodes, while their answers are looked at."""


class MainScreen(Asking):
    """Shows one view of the app's moment at a time."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(MAIN)
    AUTO_FOCUS = "#resources"

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self._kept = dict(kept or {})
        """Where the last run ended."""
        self._last_view = "nodes"

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

    # ------------------------------------------------------------------------------- messages

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self.query_one("#detail", Pager).first()
        self.look_round()
        if self.ranging:
            self.stretch_range()
        else:
            self.draw_around()

    @on(Rows.Shaped)
    def _shaped(self, event: Rows.Shaped) -> None:
        self.draw_heading()

    @on(Rows.Opened)
    def _opened(self, event: Rows.Opened) -> None:
        self.action_enter()

    @on(Pager.Resized)
    def _resized(self, event: Pager.Resized) -> None:
        self.draw_around()

    # ----------------------------------------------------------------------------- keys: views

    def action_view(self, name: str) -> None:
        if name != self.view:
            self.end_range()
            self._last_view, self.view = self.view, name
            for view in VIEWS:
                self.query_one(f"#{view.name}").display = view.name == name
        self._lay_out()
        self.rows.focus()
        if name == "clusters":
            self.hatui.watch_all()
        if name == "links":
            self.hatui.around = {}  # what was said when somebody looked last
        self.draw()
        self._survey()

    def action_last_view(self) -> None:
        self.action_view(self._last_view)

    def action_classic(self) -> None:
        self.app.push_screen(Classic())

    # ---------------------------------------------------------------------- keys: look closer

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_match(self, by: int) -> None:
        text = self.filters.get(self.view, "")
        wanted = parse(text) if text else None
        self.rows.next_match(by, lambda item: wanted(item) if wanted else item.rank >= 2)

    def action_faults(self) -> None:
        self.faults = not self.faults
        for view in VIEWS:
            self.query_one(f"#{view.name}", Rows).faults_only(self.faults)
        self.draw_around()

    def action_wide(self) -> None:
        self.pane_wanted = not self.pane_wanted
        self._lay_out()
        self.call_after_refresh(self.draw)

    def action_enter(self) -> None:
        item = self.rows.item
        if item is not None and item.kind == "section" and item.children:
            self.rows.fold(item.key, self.rows.rows[self.rows.position[0] - 1].state == "closed")
        elif item is not None and item.kind == "context":
            self.hatui.attach(item.name)
        else:
            self.action_describe()

    def action_describe(self) -> None:
        """All of what is under the cursor, which may change, or go, while it is read."""
        item = self.rows.item
        if item is None:
            self.app.push_screen(Reader("nothing", lambda cells: wrap(self.rows.empty, cells)))
            return
        key, rows = item.key, self.rows

        def told(cells: int) -> list[Line]:
            found = rows.find(key)
            gone = wrap("it is here no more", cells, "warn")
            return gone if found is None else self.detail_of(found, min(cells, 100))

        self.hatui.decide(now=True)
        self.app.push_screen(Described(item.name, told))

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

    # ---------------------------------------------------------------------------- keys: the rest

    def action_back(self) -> None:
        if self.ranging:
            self.end_range(keep=False)
        elif self.filters.get(self.view):
            self.search("")
        elif self.faults:
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

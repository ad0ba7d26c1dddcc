"""The console: holds what the link brings, composes the screens, and gives them the moment."""

from __future__ import annotations

import dataclasses
import math
import os
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Protocol

from textual import work
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from hanode.cib.document import BadCib
from hatui.cluster.arrival import Arrival, Link
from hatui.cluster.beliefs import Word
from hatui.cluster.blast import Blast
from hatui.cluster.clock import clock, span
from hatui.cluster.draw import ASCII, UNICODE
from hatui.cluster.glimpse import Glimpse
from hatui.cluster.incident import NoIncident
from hatui.cluster.journey import Journey, ago
from hatui.cluster.ledger import Ledger
from hatui.cluster.lock import Lock
from hatui.cluster.moment import Moment
from hatui.cluster.news import BAD, News
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span
from hatui.cluster.standing import Wire, header, title
from hatui.cluster.telemetry import Telemetry
from hatui.config import Context
from hatui.dress import Dressed
from hatui.keymap import user_keys
from hatui.link.fleet import Fleet
from hatui.link.live import LiveLink
from hatui.link.thinker import Thinker
from hatui.output.choice import ONCE
from hatui.output.picture import of_state
from hatui.output.text import render
from hatui.palette import Deeds
from hatui.remembered import keep, recall
from hatui.screens.live import LiveScreen
from hatui.screens.main import MainScreen
from hatui.terminal import LOST, ascii_wanted, guard, mouse_wanted, set_title, unusable

NEWS_KEPT = 2000
SMALL = 100
"""Resources up to which the scores are asked for at every moment that shows them."""
LARGE = 5
"""So many times as long is waited where thoughts are long."""
UNKNOWN = Blast()
QUIET = 1.0
"""Seconds without news before the losses of nodes are worked out."""


class Options(Protocol):
    """What the command line says."""

    theme: str
    ascii: bool
    mouse: str
    readonly: bool


class Hatui(Dressed):
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
        super().__init__(True if "NO_COLOR" in os.environ else None, theme)
        self.link, self.thinker = link, thinker
        self.context = context
        self.fleet = fleet or Fleet((context,), lambda _: link)
        self.choice = ONCE
        """What the classic picture shows."""
        self._readonly = readonly
        self.prod = context.prod
        self.lock = Lock(context.readonly, firm=readonly)
        self.journey: Journey | None = None
        """Where in the past the screen stands; None: it shows what is."""
        self.signs = ASCII if ascii_only else UNICODE
        self.moment = Moment()
        self.wire = self._marked(
            Wire(context=context.name, trying=str(context.where[0]) if context.where else "")
        )
        self._heard: deque[News] = deque(maxlen=NEWS_KEPT)
        self.ledger, self.telemetry = Ledger(), Telemetry()
        self._foreseen = Blast()
        self.patience = QUIET
        self._blast_timer: Timer | None = None
        self._decide_timer: Timer | None = None
        self._stirred_at = 0.0
        """When something last happened: by the monotonic clock."""
        self.around: dict[str, Word] = {}
        self.frozen, self.missed = False, 0
        self.bell_on = True
        self.user_keys, self._keys_problem = user_keys()
        self._behind: Arrival | None = None
        self._left = Moment()
        """What was shown when the journey began."""
        self._title = ""
        self.keeps = keeps
        """Whether it begins where the last run ended."""

    # ---------------------------------------------------------------------------------- starting

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

    # --------------------------------------------------------------------------------- arrivals

    def arrive(self, arrival: Arrival) -> None:
        """What the link brings, four times a second at most."""
        self.wire = self._marked(arrival.wire)
        self.ledger = arrival.ledger or self.ledger
        self.telemetry = arrival.telemetry or self.telemetry
        self._take_news(arrival)
        if self.frozen or self.journey is not None:
            self.missed += len(arrival.news)
            self._behind = arrival if arrival.moment else self._behind
        elif arrival.moment is not None:
            self._take_moment(arrival.moment)
        if arrival.events:
            self._stirred_at = time.monotonic()
        if arrival.events or arrival.moment is not None:
            self._foresee()
        for screen in self.screen_stack:
            if isinstance(screen, LiveScreen):
                screen.arrive(arrival)
        self._tell_terminal()

    def _marked(self, wire: Wire) -> Wire:
        """With what the console itself adds to it."""
        left = self.lock.left(time.monotonic())
        past = ""
        if self.journey is not None:
            past = f"{clock(self.journey.time)} {ago(self.thinker.now() - self.journey.time)}"
        return wire._replace(readonly=self.readonly, unlocked=math.ceil(left / 60), past=past)

    def _take_moment(self, moment: Moment) -> None:
        known = self.moment.decision
        if known is not None and moment.decision is None and self._as_decided(moment):
            moment = dataclasses.replace(moment, decision=self.moment.decision)
        self.moment = moment

    def _as_decided(self, moment: Moment) -> bool:
        """Nothing that a decision depends on has changed since the one that is known."""
        return moment.state.basis == self.moment.state.basis

    @property
    def blast(self) -> Blast:
        """The losses of nodes as things stand; those of an earlier state would be false comfort."""
        return UNKNOWN if self.foreseeing else self._foreseen

    def _foresee(self) -> None:
        """Soon, when nothing new has come meanwhile."""
        if self._blast_timer is not None:
            self._blast_timer.stop()
        if self._foreseen.basis != self.moment.state.basis:
            many = LARGE if len(self.moment.views) > SMALL else 1
            self._blast_timer = self.set_timer(many * self.patience, self.work_out_losses)

    @property
    def foreseeing(self) -> bool:
        """The losses of nodes are not those of the moment yet."""
        state = self.moment.state
        return bool(state.position.index) and not self.moment.problem and (
            self._foreseen.basis != state.basis
        )  # fmt: skip

    @work(exclusive=True, group="blast", exit_on_error=False)
    async def work_out_losses(self) -> None:
        """What each node's loss would do now; a newer question ends this one."""
        moment = self.moment
        if moment.problem or not moment.state.position.index:
            return
        try:
            found = await self.thinker.blast(moment.state)
        except (BadCib, OSError) as error:
            self.log.error(f"no blast radius: {error}")
            found = Blast(moment.state.basis)
        if found.basis == self.moment.state.basis:
            self._foreseen = found
            self.show_again()

    def _take_news(self, arrival: Arrival) -> None:
        if arrival.past:
            newest = arrival.past[-1].entry
            later = [one for one in self._heard if one.entry > newest]
            self._heard.clear()
            self._heard.extend((*arrival.past, *later))
        self._heard.extend(arrival.news)
        if self.bell_on and any(one.level == BAD for one in arrival.news):
            self.bell()

    def _tell_terminal(self) -> None:
        said = title(self.moment, self.wire)
        if said != self._title:
            self._title = said
            set_title(self, said)

    def freeze(self) -> None:
        """Hold the picture, or catch up with what has happened."""
        self.frozen = not self.frozen
        self.missed = 0
        if not self.frozen and self._behind is not None and self._behind.moment is not None:
            self._take_moment(self._behind.moment)
            self._behind = None
            self._foresee()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A thought that failed is said, and the screen lives on."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            self.say(f"{event.worker.group}: {type(error).__name__}: {error}", "error")
            self.log.error(f"worker {event.worker.group} failed: {error!r}")

    def decide(self, now: bool = False) -> None:
        """Have the scores of the moment; of a large cluster, once it is quiet, or now."""
        if self.moment.decision is not None or not self.moment.state.position.index:
            return
        if self._decide_timer is not None:
            self._decide_timer.stop()
        if now or len(self.moment.views) <= SMALL:
            self.ask_scores()
        else:
            self._decide_timer = self.set_timer(LARGE * self.patience, self._ask_if_quiet)

    def _ask_if_quiet(self) -> None:
        """A storm that this machine can hardly follow is no quiet."""
        if time.monotonic() - self._stirred_at >= LARGE * self.patience:
            self.ask_scores()

    @work(exclusive=True, group="decide", exit_on_error=False)
    async def ask_scores(self) -> None:
        """Of the policy engine, with all its reasons."""
        moment = self.moment
        if moment.decision is not None:
            return
        decision = await self.thinker.decide(moment)
        if moment.state.basis == self.moment.state.basis:
            self.moment = dataclasses.replace(self.moment, decision=decision)
            self.show_again()

    @work(exclusive=True, group="survey", exit_on_error=False)
    async def ask_around(self) -> None:
        """Hear every node's own word."""
        for one in await self.link.ask_around():
            self.around[one.node] = one
            if one.pulse is not None:
                self.telemetry.note(one.pulse)
        self.show_again()

    def glimpses(self) -> tuple[Glimpse, ...]:
        """Every context, this one among them."""
        current = Glimpse(self.context.name, self.moment, self.wire, True, self.prod, self.readonly)
        return self.fleet.glimpses(current)

    def watch_all(self) -> None:
        """Look at the other contexts too, from now on."""
        self.fleet.watch(self.context.name, self.show_again)

    @work(exclusive=True, group="attach", exit_on_error=False)
    async def attach(self, name: str) -> None:
        """Go to another context."""
        context = self.fleet.contexts.get(name)
        if context is None:
            known = ", ".join(self.fleet.contexts)
            self.say(f"no context {name!r}; known: {known}", "warning")
        elif name != self.context.name:
            await self.fleet.leave(name)
            await self.link.close()
            self._begin(context)
            self.link = self.fleet.dial(context)
            self.link.start(self.arrive)
            self.show_again()

    def _begin(self, context: Context) -> None:
        """Nothing of the cluster before counts any more."""
        self.context, self.prod = context, context.prod
        self.lock = Lock(context.readonly, firm=self._readonly)
        self.moment, self._foreseen, self.frozen, self.missed = Moment(), Blast(), False, 0
        self.ledger, self.telemetry, self._behind = Ledger(), Telemetry(), None
        self.wire = self._marked(Wire(context=context.name))
        self._heard.clear()
        self.around.clear()

    def show_again(self) -> None:
        """Something beside the state has changed."""
        self.wire = self._marked(self.wire)
        for screen in self.screen_stack:
            if isinstance(screen, LiveScreen):
                screen.arrive(Arrival(self.wire))

    # ------------------------------------------------------------------------- what screens use

    @property
    def news(self) -> Sequence[News]:
        """What had happened by the moment that is shown."""
        if self.journey is None:
            return self._heard
        return [one for one in self._heard if one.entry <= self.journey.at]

    @property
    def latest(self) -> Moment:
        """What is, whatever the screen shows."""
        behind = self._behind.moment if self._behind is not None else None
        return behind or (self._left if self.journey is not None else self.moment)

    def be_at(self, journey: Journey, moment: Moment) -> None:
        """Show another moment, on every screen."""
        if self.journey is None:
            self._left = self.moment
        self.journey, self.moment = journey, moment
        self._foresee()
        self.show_again()

    def return_to_now(self) -> None:
        if self.journey is not None:
            self.moment, self.journey, self._behind = self.latest, None, None
            self.missed = 0
            self._foresee()
            self.show_again()

    @property
    def readonly(self) -> bool:
        """Whether nothing can be ordered from here, now."""
        return self.lock.locked(time.monotonic())

    def header_line(self, cells: int) -> Line:
        return header(self.moment, self.wire, cells, self.signs.ascii_only, self.blast)

    def say(self, text: str, severity: str = "information") -> None:
        """A short word at the edge of the screen."""
        shown = {"warning": "warning", "error": "error"}.get(severity, "information")
        self.notify(clean(text), severity=shown, timeout=4.0, markup=False)  # type: ignore[arg-type]

    def write(self, text: str) -> None:
        """To the terminal itself: what no widget can say."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(text)

    def classic(self, cells: int) -> list[Line]:
        """The picture of `hatui --once`, drawn of the same moment."""
        if self.moment.problem or not self.moment.state.position.index:
            return [(Span(clean(self.moment.problem or "no state yet"), "warn"),)]
        picture = of_state(self.moment.state, self.moment.pulse, self.moment.state.at)
        return [(Span(clean(line)),) for line in render(picture, self.choice).splitlines()]

    # ------------------------------------------------------------------------------------- keys

    def action_hint_quit(self) -> None:
        self.say("Q leaves hatui (or :q)")

    def action_ignore(self) -> None:
        """Ctrl-q is flow control in many terminals: not a way out."""

    def action_unlock(self, words: str) -> None:
        """Open a read-only context for a while; the header says so all the time."""
        problem = self.lock.unlock(words, time.monotonic())
        if problem:
            self.say(problem, "warning")
            return
        left = self.lock.left(time.monotonic())
        self.say(f"orders can be given for {span(left)}; :lock closes it again", "warning")
        self.set_timer(left + 0.1, self.show_again)
        self.set_interval(30.0, self.show_again)
        self.show_again()

    def action_lock(self) -> None:
        self.lock.lock()
        self.show_again()

    async def action_quit(self) -> None:
        self.exit(0)

    def exit(self, *arguments: Any, **more: Any) -> None:
        """The way out, whoever takes it."""
        for screen in self.screen_stack if self.keeps else ():
            if isinstance(screen, MainScreen):
                told = {**screen.remember(), "theme": self.chosen, "bell": self.bell_on}
                keep(self.context.name, told)
        super().exit(*arguments, **more)

    def action_attach(self, name: str) -> None:
        self.attach(name)

    def action_theme(self, name: str) -> None:
        if not name or not self.use_theme(name):
            self.say(f"themes: {', '.join(sorted(self.themes))}", "warning")
            return
        self.repaint()


def perform(app: Hatui, mouse: bool) -> int:
    """Run it to its end; the exit code."""
    app.run(mouse=mouse)
    code = app.return_code or 0
    if code == LOST:
        os._exit(LOST)  # there is no terminal any more that last words could be flushed to
    return code


def main(context: Context, options: Options, contexts: Iterable[Context] = ()) -> int:
    """Run the console until it is left; the exit code."""
    problem = unusable()
    if problem:
        print(f"hatui: {problem}", file=sys.stderr)
        return 64
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    thinker = Thinker()
    fleet = Fleet(contexts, lambda other: LiveLink(other, thinker))
    kept = recall(context.name)
    theme = options.theme or context.theme or str(kept.get("theme") or "")
    app = Hatui(
        context, LiveLink(context, thinker), thinker, theme=theme,
        fleet=fleet, ascii_only=options.ascii or ascii_wanted(), readonly=options.readonly,
        keeps=True,
    )  # fmt: skip
    app.bell_on = kept.get("bell") is not False
    return perform(app, mouse_wanted(options.mouse))


def replay(file: str, options: Options) -> int:
    """The whole screen on a recording; the exit code."""
    from hatui.link.replay import ReplayLink, load

    problem = unusable()
    try:
        past = load(file)
    except NoIncident as error:
        problem = str(error)
    if problem:
        print(f"hatui: {problem}", file=sys.stderr)
        return 64
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    ended = past.records(past.last, past.last)
    thinker = Thinker(lambda: ended[0].at if ended else 0.0)
    name = os.path.basename(file)
    link = ReplayLink(past, name, thinker)
    app = Hatui(Context(name, ()), link, thinker, theme=options.theme, readonly=True,
                ascii_only=options.ascii or ascii_wanted())  # fmt: skip
    return perform(app, mouse_wanted(options.mouse))

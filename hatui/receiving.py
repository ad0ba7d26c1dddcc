"""What the link has brought: on the screen, or held back while that shows another moment."""

from __future__ import annotations

import dataclasses
import math
import time
from collections import deque
from collections.abc import Sequence

from hatui.cluster.arrival import Arrival, Link
from hatui.cluster.clock import when
from hatui.cluster.journey import Journey, ago
from hatui.cluster.ledger import Ledger
from hatui.cluster.lock import Lock
from hatui.cluster.moment import Moment
from hatui.cluster.news import BAD, News
from hatui.cluster.slowness import Slow
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.verdict import title
from hatui.cluster.wire import Wire
from hatui.config import Context
from hatui.link.thinker import Thinker
from hatui.saying import Saying
from hatui.screens.live import LiveScreen
from hatui.terminal import notification, set_title

NEWS_KEPT = 2000
NOTICES_APART = 30.0
"""Seconds at least between two notices on the operator's desktop."""


class Receiving(Saying):
    """An app that arrivals come to."""

    def __init__(
        self, context: Context, link: Link, thinker: Thinker, lock: Lock,
        ansi_color: bool | None, theme: str,
    ) -> None:  # fmt: skip
        super().__init__(ansi_color, theme)
        self.context, self.link, self.thinker, self.lock = context, link, thinker, lock
        self.moment = Moment()
        self.journey: Journey | None = None
        """Where in the past the screen stands; None: it shows what is."""
        self.frozen, self.missed = False, 0
        self.bell_on = True
        self.ledger, self.telemetry = Ledger(), Telemetry()
        self._slow: tuple[Slow, ...] = ()
        self.wire = self._marked(
            Wire(context=context.name, trying=str(context.where[0]) if context.where else "")
        )
        self._heard: deque[News] = deque(maxlen=NEWS_KEPT)
        self._behind: Arrival | None = None
        self._left = Moment()
        """What was shown when the journey began."""
        self._title = ""
        self._notified_at = -NOTICES_APART

    @property
    def readonly(self) -> bool:
        """Whether nothing can be ordered from here, now."""
        return self.lock.locked(time.monotonic())

    @property
    def why_readonly(self) -> str:
        """And what opens it, if anything does."""
        return self.lock.word

    def stirred(self, arrival: Arrival) -> None:
        """Something has happened in the cluster."""

    def moment_changed(self) -> None:
        """The screen shows another moment, or one that is told anew."""

    def begin(self, context: Context, lock: Lock) -> None:
        """Another cluster: nothing of the one before counts any more."""
        self.context, self.lock = context, lock
        self.moment, self.frozen, self.missed = Moment(), False, 0
        self.journey, self._left = None, Moment()
        self.ledger, self.telemetry, self._behind, self._slow = Ledger(), Telemetry(), None, ()
        self.wire = self._marked(Wire(context=context.name))
        self._heard.clear()
        for screen in self.screen_stack:
            if isinstance(screen, LiveScreen):
                screen.begin_anew()

    # --------------------------------------------------------------------------------- arrivals

    def arrive(self, arrival: Arrival) -> None:
        """What the link brings, four times a second at most."""
        self.wire = self._marked(arrival.wire)
        self.ledger = arrival.ledger or self.ledger
        self.telemetry = arrival.telemetry or self.telemetry
        self._take_news(arrival)
        self._take_slow(arrival.slow)
        if self.frozen or self.journey is not None:
            self.missed += len(arrival.news)
            self._behind = arrival if arrival.moment else self._behind
        elif arrival.moment is not None:
            self._take_moment(arrival.moment)
        self.stirred(arrival)
        for screen in self.screen_stack:
            if isinstance(screen, LiveScreen):
                screen.arrive(arrival)
        self._tell_terminal()

    def _marked(self, wire: Wire) -> Wire:
        """With what the console itself adds to it."""
        left = self.lock.left(time.monotonic())
        past = ""
        if self.journey is not None:
            then, now = self.journey.time, self.thinker.now()
            past = f"{when(then, now)} {ago(now - then)}"
        return wire._replace(readonly=self.readonly, unlocked=math.ceil(left / 60), past=past)

    def _take_moment(self, moment: Moment) -> None:
        known = self.moment.scores
        if known is not None and moment.scores is None and self._as_decided(moment):
            moment = dataclasses.replace(moment, scores=known)
        self.moment = moment

    def _as_decided(self, moment: Moment) -> bool:
        """Nothing that a decision depends on has changed since the one that is known."""
        return moment.state.basis == self.moment.state.basis

    def _take_news(self, arrival: Arrival) -> None:
        if arrival.past:
            newest = arrival.past[-1].entry
            later = [one for one in self._heard if one.entry > newest]
            self._heard.clear()
            self._heard.extend((*arrival.past, *later))
        self._heard.extend(arrival.news)
        bad = [one for one in arrival.news if one.level == BAD]
        if self.bell_on and bad:
            self.bell()
            self._notify_desktop(bad)

    def _take_slow(self, slow: Sequence[Slow] | None) -> None:
        """A monitor that has become slow is told of once."""
        known = {(one.resource, one.node) for one in self._slow}
        fresh = [one for one in slow or () if (one.resource, one.node) not in known]
        self._slow = self._slow if slow is None or slow == self._slow else tuple(slow)
        if fresh:
            self.say(fresh[0].sentence, "warning")
            if self.bell_on:
                self.bell()

    @property
    def slow(self) -> tuple[Slow, ...]:
        """Of now alone: nothing is known of what was."""
        return self._slow if self.journey is None else ()

    def _notify_desktop(self, bad: Sequence[News]) -> None:
        """Of the first of a series; the screen has the others."""
        now = time.monotonic()
        if now - self._notified_at >= NOTICES_APART:
            self._notified_at = now
            name = self.moment.state.name or self.context.name
            self.write(notification(f"{name}: {bad[0].sentence}"))

    def _tell_terminal(self) -> None:
        said = title(self.moment, self.wire)
        if said != self._title:
            self._title = said
            set_title(self, said)

    def show_again(self) -> None:
        """Something beside the state has changed."""
        self.wire = self._marked(self.wire)
        for screen in self.screen_stack:
            if isinstance(screen, LiveScreen):
                screen.arrive(Arrival(self.wire))

    # ------------------------------------------------------------- what is, and what is shown

    def freeze(self) -> None:
        """Hold the picture, or catch up with what has happened."""
        self.frozen = not self.frozen
        self.missed = 0
        if self.frozen or self.journey is not None:
            return
        if self._behind is not None and self._behind.moment is not None:
            self._take_moment(self._behind.moment)
            self._behind = None
            self.moment_changed()

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

    @property
    def ground(self) -> Moment:
        """What an order or a question is about: the past where one is there, else what is, even
        if the screen is frozen."""
        return self.moment if self.journey is not None else self.latest

    @property
    def shown_at(self) -> float:
        """When it is on the screen: now, or then."""
        return self.thinker.now() if self.journey is None else self.journey.time

    def be_at(self, journey: Journey, moment: Moment) -> None:
        """Show another moment, on every screen."""
        if self.journey is None:
            self._left = self.moment
        self.journey, self.moment = journey, moment
        self.moment_changed()
        self.show_again()

    def return_to_now(self) -> None:
        if self.journey is not None:
            self.moment, self.journey, self._behind = self.latest, None, None
            self.missed = 0
            self.moment_changed()
            self.show_again()

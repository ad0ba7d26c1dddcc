"""Follows the log of a cluster: folds what a line brings, and hands it on in flushes.

However fast entries come, the screen hears of them at most four times a second; sooner of what
matters at once (50 ms), until that goes on and on. To see what the state amounts to costs the more
the larger the cluster is, so after each look there is a rest that keeps the cost to a small share
of a processor: news goes on meanwhile, and what comes after a quiet while is seen at once. Whoever
owns the line calls `take`; nothing here reads or writes one.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from typing import Any

from hanode.events import Event, Statement, parts
from hanode.mgmt import session
from hanode.mgmt.protocol import Entries, Pulse, StateImage
from hanode.mgmt.session import Mirror
from hatui.cluster.arrival import Arrival, Post
from hatui.cluster.beliefs import SILENT
from hatui.cluster.fork import fork
from hatui.cluster.ledger import Ledger
from hatui.cluster.moment import Moment
from hatui.cluster.news import BAD, GOOD, Narrator, News
from hatui.cluster.past import Past, record
from hatui.cluster.safe import clean
from hatui.cluster.slowness import Slowness
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.wire import Wire
from hatui.link.haste import Haste
from hatui.link.pulses import sane
from hatui.link.thinker import Thinker

FLUSH = 0.25
"""Seconds in which news that does not matter at once is gathered."""
SHARE = 0.02
"""Of a processor, that looks may take in a storm of entries."""
REST_MAX = 10.0
BORROWED = 8.0
"""Seconds of its rest that are given up where something is failing; they are rested later."""
NEWS_MAX = 500
"""Pieces of news that one flush may carry; of more, the oldest are dropped."""


class Follower:
    """The fold of one cluster as a console has it."""

    def __init__(self, thinker: Thinker, post: Post, past: Past) -> None:
        self.mirror = Mirror()
        self.past = past
        self.wire = Wire()
        self.ledger = Ledger()
        self.telemetry = Telemetry()
        self.slowness = Slowness()
        self._thinker = thinker
        self._post = post
        self._narrator = Narrator()
        self._news: list[News] = []
        self._events: list[Event] = []
        self._past: tuple[News, ...] = ()
        self._moment: Moment | None = None
        self._stale = False
        """The moment is older than the state."""
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._flushing = False
        self._haste = Haste()
        self._rested_at = 0.0
        """From when another look is fine."""
        self._urgent = False

    @property
    def idle(self) -> bool:
        """Nothing waits to be handed on."""
        return self._timer is None and not self._flushing

    def take(self, answer: Any) -> None:
        """Fold an answer of the node. Raises Garbled or Gap."""
        soon = False
        answer = sane(answer) if isinstance(answer, Pulse) else answer
        for one in self.mirror.take(answer):
            self.past.append(one.entry)
            told = self._told(one)
            self._news += told
            if not one.objection:
                self._events += parts(one.event)
                self._note(self.ledger, one.statement, one.event, one.entry.term)
            self._stale = True
            soon = soon or any(news.level >= GOOD for news in told)
            self._urgent = self._urgent or any(news.level >= BAD for news in told)
        if isinstance(answer, StateImage) and self.mirror.state is not None:
            self.past.anchor(self.mirror.state)
            self._stale = True
            soon = True
        if isinstance(answer, Pulse):
            self.telemetry.note(answer)
            known = self._moment
            slower = known is not None and self.slowness.note(answer, known)
            if not (slower or self._pulse_matters(answer)):
                return
        self.flush_within(self._wait() if soon else FLUSH)

    def _wait(self) -> float:
        return self._haste.wait(asyncio.get_running_loop().time())

    def _told(self, one: session.News) -> list[News]:
        if not one.objection:
            return self._narrator.tell(one.entry.index, one.statement, one.event)
        said = f"entry {one.entry.index} has no force: {one.objection}"
        return [News(one.entry.index, one.statement.at, BAD, clean(said), one.statement.actor)]

    @staticmethod
    def _note(ledger: Ledger, said: Statement, event: Event, term: int) -> None:
        for part in parts(event):
            ledger.tell(said, part, term)

    def recall(self, answer: Entries) -> None:
        """What happened before: told, not folded."""
        narrator, past, ledger = Narrator(), [], Ledger()
        self.past.earlier(answer.entries)
        for entry in answer.entries:
            one = record(entry)
            if one is not None:
                past += narrator.tell(entry.index, one.said, one.event)
                self._note(ledger, one.said, one.event, entry.term)
        state = self.mirror.state
        if state is not None and answer.entries:
            self._narrator, self.ledger = narrator, ledger
        self._past = tuple(past[-NEWS_MAX:])
        self.flush_within(self._wait())

    def set_wire(self, wire: Wire) -> None:
        """How the line is; said at once."""
        if wire != self.wire:
            self.wire = wire
            self._post(Arrival(wire))

    def flush_within(self, delay: float) -> None:
        """Hand on what there is, at the latest then."""
        loop = asyncio.get_running_loop()
        due = loop.time() + delay
        if self._timer is not None and self._due <= due:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._due = due
        self._timer = loop.call_at(due, self._start_flush)

    def _start_flush(self) -> None:
        self._timer = None
        if self._flushing:  # it will see that more has come
            return
        self._flushing = True
        task = asyncio.get_running_loop().create_task(self._flush())
        task.add_done_callback(self._flushed)

    def _flushed(self, task: asyncio.Task[None]) -> None:
        self._flushing = False
        self._haste.flushed(asyncio.get_running_loop().time())
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
        if self._news:
            self.flush_within(self._wait())
        elif self._stale:
            self.flush_within(max(FLUSH, self._rest()))

    async def _flush(self) -> None:
        state = self.mirror.state
        moment: Moment | None = None
        news, self._news = tuple(self._news[-NEWS_MAX:]), []
        events, self._events = tuple(self._events), []
        past, self._past = self._past, ()
        first = self._moment is None
        looked = state is not None and self._stale and (first or self._rest() <= 0)
        if state is not None and looked:
            self._stale = False
            moment = await self._thinker.look(fork(state), self._moment)
        elif self._moment is not None:
            moment = self._moment
        if moment is not None and moment.pulse is not self.mirror.pulse:
            moment = dataclasses.replace(moment, pulse=self.mirror.pulse)
        if moment is not None:
            self._moment = moment
        began = time.thread_time()
        self._post(Arrival(self.wire, moment, news, events, past, self.ledger, self.telemetry,
                           self.slowness.found))  # fmt: skip
        if looked and not first:  # the first look is owed to who waits for it
            self._take_rest(self._thinker.cost + time.thread_time() - began)

    def _rest(self) -> float:
        """Seconds for which nothing is to be looked at yet."""
        left = self._rested_at - asyncio.get_running_loop().time()
        return left - BORROWED if self._urgent else left

    def _take_rest(self, cost: float) -> None:
        """By what it cost to see and to show; what was borrowed before is added."""
        self._urgent = False
        from_now = max(self._rested_at, asyncio.get_running_loop().time())
        self._rested_at = from_now + min(cost / SHARE, REST_MAX)

    def _pulse_matters(self, pulse: Pulse) -> bool:
        """Whether the screen would differ: what it shows of a pulse is coarse."""
        known = self._moment.pulse if self._moment is not None else None
        return known is None or _coarse(known) != _coarse(pulse)


def _coarse(pulse: Pulse) -> tuple[Any, ...]:
    peers = tuple(
        (
            name,
            _rounded(peer.get("rtt_ms")),
            _rounded((peer.get("loss") or 0) * 100),
            peer.get("links"),
            _silence(peer.get("heard")),
        )
        for name, peer in sorted(pulse.peers.items())
    )
    return (pulse.node, pulse.dc, pulse.quorate, pulse.view, peers, pulse.running, pulse.attached,
            pulse.trouble, int(pulse.deciding))  # fmt: skip


def _silence(heard: Any) -> int:
    """0 while it is heard, then one more each time that its silence has doubled."""
    return int(heard / SILENT).bit_length() if isinstance(heard, (int, float)) else -1


def _rounded(figure: Any) -> int:
    return round(figure) if isinstance(figure, (int, float)) else -1

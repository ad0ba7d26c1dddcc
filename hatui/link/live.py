"""A line to a cluster that never gives up: tries its addresses in turn, resumes where it broke."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import Any

from hanode.codec import Garbled
from hanode.events import Entry, Event
from hanode.mgmt.joint import joint
from hanode.mgmt.protocol import (
    Denied,
    Done,
    Entries,
    FetchLog,
    FetchState,
    Pulse,
    StateImage,
    Welcome,
)
from hanode.mgmt.session import Gap, Session
from hanode.state import ClusterState
from hatui.cluster.arrival import Outcome, Post
from hatui.cluster.beliefs import Word
from hatui.cluster.past import Past
from hatui.cluster.wire import Wire
from hatui.config import Address, Context
from hatui.link.dial import CannotAttach, Stream, dial
from hatui.link.follower import Follower
from hatui.link.patience import Patience
from hatui.link.questions import Questions
from hatui.link.survey import survey
from hatui.link.thinker import Thinker

SILENCE = 8.0
"""Nothing for so long (a pulse comes at least every 5 s), and the line is given up."""
BREATH = 0.05
"""Seconds at most that the screen has to itself after an answer; else as long as that took."""
SLICE = 16
"""Entries that are folded in one go."""
PAST = 400
"""Entries of the log that are fetched for the list of events."""
RECALL = 500
"""Entries in one answer about the past."""
ORDER_LIMIT = 30.0
PROGRAM = "hatui"


class Lost(Exception):  # noqa: N818 - what happened
    """The line is over, and why."""


class LiveLink:
    """Attaches to one node at a time, and to the next when it is lost."""

    def __init__(self, context: Context, thinker: Thinker) -> None:
        self._context = context
        self._thinker = thinker
        self.past = Past()
        self._follower: Follower | None = None
        self._stream: Stream | None = None
        self._session = Session(PROGRAM)
        self._orders: Questions[Outcome] = Questions()
        self._asked: Questions[Any] = Questions()
        """About the past."""
        self._endings: set[asyncio.Future[Any]] = set()
        self._past_asked = False
        self._past = 0
        """The number of the request for the past, while it is open."""
        self._task: asyncio.Task[None] | None = None
        self._heard = time.monotonic()

    def start(self, post: Post) -> None:
        self._follower = Follower(self._thinker, post, self.past)
        self._task = asyncio.get_running_loop().create_task(self._run(self._follower))

    async def order(self, events: Sequence[Event], basis: int | None, why: str) -> Outcome:
        return await self._order(joint(events), basis, why)

    async def ask_around(self) -> tuple[Word, ...]:
        state = self._follower.mirror.state if self._follower is not None else None
        words = await survey(self._context, state.position if state is not None else None)
        return tuple(one._replace(forked=self._forked(one.pulse)) for one in words)

    def _forked(self, pulse: Pulse | None) -> bool:
        """Whether its log and ours part; where ours does not reach, nothing is claimed."""
        ours = self.past.entry(pulse.commit) if pulse is not None and pulse.head else None
        return ours is not None and pulse is not None and ours.hash() != pulse.head

    async def recall(self) -> str:
        """All that the node still has: the oldest state, and every entry after it."""
        image = await self._ask(FetchState, oldest=True)
        if not isinstance(image, StateImage):
            return "the past can't be fetched: the line does not answer"
        entries: list[Entry] = []
        first, last = image.position.index + 1, self.past.first or image.position.index
        while first < last:
            answer = await self._ask(FetchLog, first=first, count=RECALL)
            if not isinstance(answer, Entries) or not answer.entries or (
                answer.entries[-1].index < first
            ):  # fmt: skip
                return "the past could be fetched in part only"
            entries += answer.entries
            first = answer.entries[-1].index + 1
        self.past.earlier(entries)
        self.past.anchor(ClusterState.unpack(image.state))
        return ""

    async def _ask(self, request: Any, **fields: Any) -> Any:
        """One question's answer; None if none came."""
        if self._stream is None:
            return None
        number, data = self._session.ask(request, **fields)
        self._stream.write(data)
        try:
            return await self._asked.answer(number, ORDER_LIMIT)
        except TimeoutError:
            return None

    def resync(self) -> None:
        if self._stream is not None:
            self._stream.close()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._hang_up("the console ends")
        await asyncio.gather(*self._endings, return_exceptions=True)

    # ------------------------------------------------------------------------------- the line

    async def _run(self, follower: Follower) -> None:
        """Round and round the addresses, ever more slowly while none holds."""
        patience = Patience()
        while True:
            for address in self._context.where:
                began = time.monotonic()
                if await self._try(follower, address):
                    patience.attached(time.monotonic() - began)
            await self._pause(follower, patience.rest())

    async def _pause(self, follower: Follower, seconds: float) -> None:
        """Wait, while the age of what is shown goes on."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, 1.0))
            self._say_lost(follower, follower.wire.why, follower.wire.trying)

    async def _try(self, follower: Follower, address: Address) -> bool:
        """One address, for as long as it lasts; whether it answered at all."""
        self._say_lost(follower, follower.wire.why, str(address))
        attached = False
        try:
            dialling = asyncio.ensure_future(dial(address, self._context))
            stream = await self._while_aging(follower, dialling, str(address))
            self._stream = stream
            self._session = Session(PROGRAM)
            stream.write(self._session.hello())
            async for answer in self._answers(stream):
                attached = self._take(follower, stream, address, answer) or attached
        except (CannotAttach, Lost, Garbled, OSError) as error:
            self._say_lost(follower, str(error), "")
        except Gap as error:
            follower.mirror.forget()
            self.past.clear()
            self._past_asked = False
            self._say_lost(follower, str(error), "")
        finally:
            if self._past:  # it was asked for, and never came
                self._past_asked, self._past = False, 0
            self._hang_up("the line was lost; whether the order was carried out is not known")
        return attached

    async def _while_aging(
        self, follower: Follower, dialling: asyncio.Future[Stream], trying: str
    ) -> Stream:
        try:
            while not dialling.done():
                await asyncio.wait([dialling], timeout=1.0)
                if not dialling.done():
                    self._say_lost(follower, follower.wire.why, trying)
        except asyncio.CancelledError:
            dialling.cancel()
            raise
        return dialling.result()

    async def _answers(self, stream: Stream) -> Any:
        while True:
            try:
                async with asyncio.timeout(SILENCE):
                    data = await stream.reader.read(65536)
            except TimeoutError:
                raise Lost(f"silent for {SILENCE:g} s") from None
            if not data:
                raise Lost("closed by the node")
            self._heard = time.monotonic()
            for answer in self._session.feed(data):
                for part in self._parts(answer):
                    began = time.monotonic()
                    yield part
                    # A stream that has more to give never lets go of the loop by itself.
                    await asyncio.sleep(min(time.monotonic() - began, BREATH))

    def _parts(self, answer: Any) -> Iterator[Any]:
        """A long stretch of the log bit by bit: no key waits for the whole of it."""
        following = (
            isinstance(answer, Entries)
            and answer.number != self._past
            and answer.number not in self._asked
        )
        if not following or len(answer.entries) <= SLICE:
            yield answer
            return
        for first in range(0, len(answer.entries), SLICE):
            part = answer.entries[first : first + SLICE]
            yield dataclasses.replace(answer, entries=part)

    def _take(self, follower: Follower, stream: Stream, address: Address, answer: Any) -> bool:
        """Whether it shows that we are welcome there."""
        if isinstance(answer, Welcome):
            self._welcome(follower, stream, address, answer)
            return True
        known = answer.number in self._orders or answer.number in self._asked
        if isinstance(answer, Denied) and not known:
            raise Lost(answer.message)
        if answer.number in self._asked and isinstance(answer, (StateImage, Entries, Denied)):
            self._asked.answered(answer.number, answer)
        elif isinstance(answer, (Done, Denied)):
            self._orders.answered(answer.number, _outcome(answer))
        elif isinstance(answer, Entries) and answer.number == self._past:
            follower.recall(answer)
            self._past = 0
        else:
            follower.take(answer)
            self._ask_past(follower, stream)
        return False

    def _welcome(
        self, follower: Follower, stream: Stream, address: Address, answer: Welcome
    ) -> None:
        wire = Wire(answer.node, str(address), readonly=self._context.readonly,
                    context=self._context.name, operator=answer.operator)  # fmt: skip
        stream.write(follower.mirror.subscribe(self._session))
        follower.set_wire(wire)

    def _ask_past(self, follower: Follower, stream: Stream) -> None:
        """Once: the last few hundred entries, for the list of events."""
        if not self._past_asked and follower.mirror.state is not None:
            self._past_asked = True
            first = max(follower.mirror.state.position.index - PAST + 1, 1)
            self._past, request = self._session.ask(FetchLog, first=first, count=PAST)
            stream.write(request)

    def _say_lost(self, follower: Follower, why: str, trying: str) -> None:
        known = follower.mirror.state is not None
        lost = max(time.monotonic() - self._heard, 0.5) if known else 0.0
        node = follower.wire.node if known else ""
        old, context = follower.wire, self._context
        wire = Wire(node, old.place, round(lost, 1), trying, why, context.readonly,
                    context=context.name)  # fmt: skip
        follower.set_wire(wire)

    def _hang_up(self, reason: str) -> None:
        if self._stream is not None:
            self._stream.close()
            if self._stream.over is not None:
                ending = asyncio.ensure_future(self._stream.over())
                self._endings.add(ending)
                ending.add_done_callback(self._endings.discard)
            self._stream = None
        self._orders.end(Outcome(None, "unavailable", reason))
        self._asked.end(None)

    # -------------------------------------------------------------------------------- orders

    async def _order(self, event: Event, basis: int | None, why: str) -> Outcome:
        if self._stream is None:
            return Outcome(None, "offline", "not attached to any node; wait for the line")
        number, request = self._session.order(event, basis, why)
        self._stream.write(request)
        try:
            return await self._orders.answer(number, ORDER_LIMIT)
        except TimeoutError:
            return Outcome(None, "unavailable", f"no answer within {ORDER_LIMIT:g} s; look at the "
                           "events whether it was carried out")  # fmt: skip


def _outcome(answer: Done | Denied) -> Outcome:
    if isinstance(answer, Done):
        return Outcome(answer.index)
    return Outcome(None, answer.code, answer.message)

"""`hatui mon --output-as=ndjson`: each event as a line of JSON, for as long as somebody reads."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from typing import TextIO

from hatui.cluster.arrival import Arrival
from hatui.cluster.wire import Wire
from hatui.config import Context
from hatui.link.live import LiveLink
from hatui.link.thinker import Thinker
from hatui.output import as_events
from hatui.output.picture import of_state


class Telling:
    """Writes what arrives; of a log that was broken off, a picture comes first."""

    def __init__(self, link: LiveLink, out: TextIO) -> None:
        self._link, self._out = link, out
        self._stream = as_events.Stream()
        self._told = 0
        """The last entry that was written, or is in the last picture."""
        self._lost = False
        self.over = asyncio.Event()
        self.unread = False
        """Nobody reads any more."""

    def arrive(self, arrival: Arrival) -> None:
        try:
            self._tell(arrival)
            self._out.flush()
        except BrokenPipeError:
            self.unread = True
            self.over.set()

    def _tell(self, arrival: Arrival) -> None:
        self._tell_line(arrival.wire)
        first, last = self._told + 1, self._link.past.last
        begun = self._told and self._link.past.entry(first) is not None
        if begun:
            for one in self._link.past.records(first, last):
                self._out.write(self._stream.event(one.index, one.said, one.event))
            self._told = last
        elif arrival.moment is not None and arrival.moment.state.position.index > self._told:
            state = arrival.moment.state
            taken = of_state(state, arrival.moment.pulse, time.time())
            self._out.write(as_events.picture(taken, state.position.index))
            self._told = state.position.index

    def _tell_line(self, wire: Wire) -> None:
        if bool(wire.lost) != self._lost:
            self._lost = bool(wire.lost)
            self._out.write(as_events.line(wire, time.time()))


def run(context: Context) -> int:
    """Until Ctrl-C or SIGTERM. Raises BrokenPipeError when nobody reads."""
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_run(context))
    return 0


async def _run(context: Context) -> int:
    thinker = Thinker()
    link = LiveLink(context, thinker)
    telling = Telling(link, sys.stdout)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, telling.over.set)
    link.start(telling.arrive)
    try:
        await telling.over.wait()
    finally:
        await link.close()
        thinker.close()
    if telling.unread:
        raise BrokenPipeError
    return 0

"""Asks the policy engine in a thread of its own, so that no key ever waits for a thought."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from hanode.cib.document import BadCib
from hanode.events import Event
from hanode.state import ClusterState
from hatui.cluster.blast import Blast, blast
from hatui.cluster.glance import glance
from hatui.cluster.histories import histories
from hatui.cluster.moment import Moment
from hatui.cluster.node_tree import NODES, node_tree
from hatui.cluster.past import Past
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.safe import clean
from hatui.cluster.scores import Scores
from hatui.cluster.standing import standing
from hatui.cluster.whatif import Forecast, explained, forecast, look_at, scores
from hatui.link.aside import losses_aside, scores_aside, why_aside
from hatui.link.thrift import give_back

SWITCH_INTERVAL = 0.002
"""Seconds for which the thinking thread may hold the interpreter while a key waits."""

MANY = 60
"""Remembered resources, over all nodes, from which to try changes is a job for another process."""

LARGE = 500
"""Resources from which even one decision is."""

WHOLE_AGAIN = 30.0
"""Seconds after which all is looked at again: failures expire, rules have hours."""
WHOLE_SHARE = 0.005
"""Of a processor, that this may take in a large cluster: there it is done less often."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Thinker:
    """One thought at a time; thoughts on states that are history are thrown away by who asked."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(1, "thinker")
        self._whole_at = 0.0
        """When all was last looked at."""
        self._whole_after = WHOLE_AGAIN
        """Seconds from then until it is done again."""
        self.cost = 0.0
        """Seconds of a processor that the latest look has cost."""
        sys.setswitchinterval(SWITCH_INTERVAL)

    def now(self) -> float:
        """The wall clock that it reckons with."""
        return self._clock()

    async def look(self, state: ClusterState, before: Moment | None = None) -> Moment:
        """The moment that a (forked) state is; `problem` says why it can't be read.

        `before`: the one that was seen last, for a glance at what is new may do.
        """
        return await self._think(lambda: self._look(state, before))

    async def recollect(self, past: Past, index: int) -> Moment | None:
        """The moment after an entry of the past, judged as of its own time."""

        def fold() -> Moment | None:
            state = past.state_at(index)
            return self.look_now(state, state.at) if state is not None else None

        return await self._think(fold)

    async def scores(self, moment: Moment) -> Scores:
        """What the policy engine reckons of each resource now. Raises OSError."""
        if len(moment.views) > LARGE and moment.status is None:
            return await scores_aside(moment.state, self._clock())
        return await self._think(lambda: scores(moment, self._clock()))

    async def forecast(
        self, state: ClusterState, events: Sequence[Event], then: Sequence[Event] = ()
    ) -> Forecast:
        """What orders would lead to, and then those. Raises BadCib."""
        return await self._think(lambda: forecast(state, events, self._clock(), then))

    async def explain(self, moment: Moment, name: str) -> list[str]:
        """Why it is where it is, and the smallest change that would move it. Raises
        NoSuchResource, or OSError."""
        if _many(moment.state) and moment.status is None:
            return await why_aside(moment.state, self._clock(), name)
        return await self._think(lambda: explained(moment, name, self._clock()))

    async def blast(self, state: ClusterState) -> Blast:
        """What each node's loss would do. Raises BadCib or OSError."""
        if _many(state):
            return await losses_aside(state, self._clock())
        return await self._think(lambda: blast(state, self._clock()))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self, state: ClusterState, before: Moment | None) -> Moment:
        began = time.thread_time()
        try:
            return self.look_now(state, self._clock(), before)
        finally:
            self.cost = time.thread_time() - began

    def look_now(self, state: ClusterState, now: float, before: Moment | None = None) -> Moment:
        """The same in the caller's own thread, with a clock of its own."""
        try:
            glanced = None
            if before is not None and abs(now - self._whole_at) < self._whole_after:
                glanced = glance(before, state, now)
            moment = glanced or self._look_at_all(state, now)
            resource_tree(moment)  # drawn here, so that the screen need not
            standing(moment)
            if before is not None and before.drawn(NODES):
                node_tree(moment)
            return moment
        except BadCib as error:
            return Moment(state, problem=clean(f"the configuration can't be read: {error}"))
        except Exception as error:  # the engine's fault, and no reason to lose the screen
            _log.exception("the policy engine failed on entry %s", state.position.index)
            said = f"the policy engine failed on this state: {type(error).__name__}: {error}"
            return Moment(state, problem=clean(said))

    def _look_at_all(self, state: ClusterState, now: float) -> Moment:
        began = time.thread_time()
        moment = look_at(state, now)
        self._whole_at = now
        self._whole_after = max(WHOLE_AGAIN, (time.thread_time() - began) / WHOLE_SHARE)
        give_back()
        return moment

    async def _think(self, thought: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, thought)


def _many(state: ClusterState) -> bool:
    return sum(1 for _ in histories(state)) > MANY

"""A recording in a cluster's place: an incident file behind the whole console, no node needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hanode.events import Event, parts
from hatui.cluster.arrival import Arrival, Outcome, Post
from hatui.cluster.beliefs import Word
from hatui.cluster.incident import NoIncident, unpacked
from hatui.cluster.ledger import Ledger
from hatui.cluster.news import BAD, Narrator, News
from hatui.cluster.past import Past
from hatui.cluster.safe import clean
from hatui.cluster.wire import Wire
from hatui.link.thinker import Thinker


def load(path: str) -> Past:
    """Raises NoIncident."""
    try:
        return unpacked(Path(path).read_bytes())
    except OSError as error:
        raise NoIncident(f"{path}: {error.strerror}") from None
    except NoIncident as error:
        raise NoIncident(f"{path}: {error}") from None


class ReplayLink:
    """Tells all that the recording holds, once, and takes no order."""

    def __init__(self, past: Past, name: str, thinker: Thinker) -> None:
        self.past = past
        self._name = name
        self._thinker = thinker
        self._post: Post | None = None

    def start(self, post: Post) -> None:
        self._post = post
        state = self.past.state_at(self.past.last)  # folds it all, and so finds what is broken
        assert state is not None
        moment = self._thinker.look_now(state, state.at)
        wire = Wire("recording", self._name, context=self._name)
        post(Arrival(wire, moment, past=self._news(), ledger=self._ledger()))

    async def order(self, events: Sequence[Event], basis: int | None, why: str) -> Outcome:
        return Outcome(None, "forbidden", "this is a recording: nothing can be ordered")

    async def ask_around(self) -> tuple[Word, ...]:
        return ()

    async def recall(self) -> str:
        return ""

    def resync(self) -> None:
        """There is nothing to attach to."""

    async def close(self) -> None:
        """Nothing is open."""

    def _news(self) -> tuple[News, ...]:
        narrator, told = Narrator(), list[News]()
        for one in self.past.records():
            if why := self.past.breaks.get(one.index):
                said = clean(f"entry {one.index} can't be trusted: {why}")
                told.append(News(one.index, one.at, BAD, said, one.said.actor))
            told += narrator.tell(one.index, one.said, one.event)
        return tuple(told)

    def _ledger(self) -> Ledger:
        ledger = Ledger()
        for one in self.past.records():
            for part in parts(one.event):
                ledger.tell(one.said, part, one.entry.term)
        return ledger

"""The part of a cluster's log that a console holds, and the states that it leads through.

Entries stand without a gap; where their chain or a signature is broken, that is noted and shown.
States are folded when they are asked for, from the nearest one that is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from hanode.codec import Garbled
from hanode.events import Entry, Event, Statement
from hanode.mgmt.session import follow
from hanode.state import ClusterState
from hanode.state.fold import skip
from hatui.cluster.fork import fork

KEPT = 20_000
"""Entries at most; the oldest go first."""
SPACING = 250
"""Entries between two states that are kept."""


@dataclass(frozen=True)
class Record:
    """One entry, opened."""

    entry: Entry
    said: Statement
    event: Event

    @property
    def index(self) -> int:
        return self.entry.index

    @property
    def at(self) -> float:
        return self.said.at


class Past:
    """Grows at its end while the console follows, and at its beginning when more is fetched."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._states: dict[int, ClusterState] = {}
        self.breaks: dict[int, str] = {}
        """index -> why this entry can't be trusted; found while states are folded."""

    # ------------------------------------------------------------------------------- what comes

    def append(self, entry: Entry) -> None:
        """The next one; after a gap, a new past begins."""
        if self._entries and entry.index != self.last + 1:
            if entry.index <= self.last:
                return
            self.clear()
        self._entries.append(entry)
        if len(self._entries) > KEPT:
            del self._entries[: KEPT // 4]
            self._states = {i: s for i, s in self._states.items() if i >= self.first - 1}

    def earlier(self, entries: Iterable[Entry]) -> None:
        """What leads up to what is here; entries that are here already are passed over."""
        before = [entry for entry in entries if not self._entries or entry.index < self.first]
        if before and (not self._entries or before[-1].index == self.first - 1):
            self._entries = [*before, *self._entries]

    def anchor(self, state: ClusterState) -> None:
        """A state that is known: those after it can be folded."""
        self._states[state.position.index] = fork(state)

    def clear(self) -> None:
        self._entries, self._states, self.breaks = [], {}, {}

    # ------------------------------------------------------------------------------ what is here

    @property
    def first(self) -> int:
        return self._entries[0].index if self._entries else 0

    @property
    def last(self) -> int:
        return self._entries[-1].index if self._entries else 0

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

    @property
    def reach(self) -> int | None:
        """The earliest index whose state can be told; None if none can."""
        known = [index for index in list(self._states) if index >= self.first - 1]
        return min(known, default=None)

    def entry(self, index: int) -> Entry | None:
        at = index - self.first
        return self._entries[at] if 0 <= at < len(self._entries) else None

    def records(self, first: int = 0, last: int | None = None) -> list[Record]:
        """Opened, from `first` to `last`; what can't be read is left out."""
        begin = max(first - self.first, 0)
        end = len(self._entries) if last is None else max(last - self.first + 1, 0)
        return [one for entry in self._entries[begin:end] if (one := record(entry)) is not None]

    def at_time(self, moment: float) -> int:
        """The last entry that was stated by then (entries bear their actors' clocks)."""
        latest, clocks = 0.0, []
        for entry in self._entries:
            one = record(entry)
            latest = max(latest, one.at if one is not None else 0.0)
            clocks.append(latest)
        return self.first + max(bisect_right(clocks, moment) - 1, 0)

    # --------------------------------------------------------------------------------- the states

    def state_at(self, index: int) -> ClusterState | None:
        """The fold up to and with this entry; None where it can't be told."""
        index = min(index, self.last) if self._entries else index
        nearest = max((i for i in list(self._states) if i <= index), default=None)
        if nearest is None:
            return None
        state = fork(self._states[nearest])
        for at in range(nearest + 1, index + 1):
            entry = self.entry(at)
            if entry is None:
                return None
            self._follow(state, entry)
            if at % SPACING == 0:
                self._states[at] = fork(state)
        return state

    def _follow(self, state: ClusterState, entry: Entry) -> None:
        before = self.entry(entry.index - 1)
        if before is not None and entry.previous != before.hash():
            self.breaks[entry.index] = (
                f"it does not follow from entry {before.index}: one of the two was changed"
            )
        from hanode.identity import verify  # costs 20 ms that only who looks back need pay

        try:
            told = follow(state, entry, verify)
        except Garbled as error:
            self.breaks[entry.index] = f"it can't be read: {error}"
            skip(state, entry)
            return
        if told.objection:
            self.breaks[entry.index] = told.objection


def record(entry: Entry) -> Record | None:
    """An entry opened, if it can be."""
    try:
        said, event = entry.signed.open()
    except Garbled:
        return None
    return Record(entry, said, event)

"""A machine's disk: writes take time, and a crash loses what was not yet synced."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hanode.effects import Persist, Saved, SnapshotRecord, Vote
from hanode.events import Entry, FencingIntended
from tests.sim.agenda import Agenda
from tests.sim.invariants.violation import fail

KEPT_BEFORE_SNAPSHOT = 2000
"""Entries, unless the seed says fewer."""


@dataclass(slots=True)
class Manner:
    """How a disk behaves just now."""

    latency: float = 0.002
    """Mean time of a write with its fsync."""
    stalled: bool = False
    """Writes wait until it is not (a full queue elsewhere, a failing sector)."""
    read_only: bool = False
    """Every write fails."""
    full: bool = False
    """What needs room fails; the LRM's file of its term was given its own beforehand."""

    @property
    def trouble(self) -> str:
        """Why the log can't be written, as the driver says it."""
        return "disk read-only" if self.read_only else "disk full" if self.full else ""


@dataclass(frozen=True, slots=True)
class Copy:
    """All that a disk held at one moment."""

    vote: Vote
    snapshot: SnapshotRecord | None
    entries: tuple[Entry, ...]
    boot: int
    lrm_term: int
    intent: FencingIntended | None
    committed: int


class Disk:
    """What the machine gives back after a crash: the log, the LRM's term and table, the boot."""

    def __init__(
        self, agenda: Agenda, random: Random, saved: Saved, kept: int = KEPT_BEFORE_SNAPSHOT
    ) -> None:
        self._agenda, self._random = agenda, random
        self.manner = Manner()
        self._kept_before_snapshot = kept
        self.vote: Vote = saved.vote
        self.snapshot: SnapshotRecord | None = saved.snapshot
        self.entries: list[Entry] = list(saved.entries)
        self.intent = saved.intent
        self.committed = saved.committed
        self.boot = 0
        self.lrm_term = 0
        self.rotten = False
        """The log on it is not what was written, and is refused (tests/unit/logd)."""
        self.table = b""
        """The LRM's table: in the page cache, so it outlives a process but not the power."""
        self._queue: deque[tuple[Persist, Callable[[bool], None]]] = deque()
        self._busy = False
        self._life = 0
        self.landed: Callable[[Persist], None] = lambda persist: None
        """Told of each write that has become durable."""

    def saved(self) -> Saved:
        return Saved(
            self.vote, self.snapshot, tuple(self.entries), self.intent, self.committed,
            self.manner.trouble,
        )  # fmt: skip

    # -------------------------------------------------------------------------------------- the log

    def write(self, persist: Persist, done: Callable[[bool], None]) -> None:
        """Make it durable, after all earlier ones; then `done(True)`. Or `done(False)`, and what
        was to be written after it is not."""
        self._queue.append((persist, done))
        if not self._busy:
            self._busy = True
            self._agenda.after(self.latency(), self._land, self._life)

    def lose(self) -> bool:
        """The writer is gone. The write under way may have got through; the others have not.
        Whether anything was lost."""
        self._life += 1
        self._busy = False
        if self._queue and not self.manner.trouble and self._random.random() < 0.5:
            self._apply(self._queue.popleft()[0])
        lost = bool(self._queue)
        self._queue.clear()
        return lost

    def lose_power(self) -> None:
        self.lose()
        self.table = b""

    def copy(self) -> Copy:
        """As a backup, or a snapshot of the machine, would keep it."""
        entries = tuple(self.entries)
        return Copy(
            self.vote, self.snapshot, entries, self.boot, self.lrm_term, self.intent, self.committed
        )

    def restore(self, copy: Copy) -> None:
        """The copy in place of what is there now."""
        self._queue.clear()
        self.vote, self.snapshot, self.entries = copy.vote, copy.snapshot, list(copy.entries)
        self.boot, self.lrm_term, self.intent = copy.boot, copy.lrm_term, copy.intent
        self.committed = copy.committed
        self.table = b""

    def latency(self) -> float:
        return self.manner.latency * (0.5 + self._random.random())

    def _land(self, life: int) -> None:
        if life != self._life:
            return
        if self.manner.stalled:
            self._agenda.after(0.1, self._land, life)
            return
        persist, done = self._queue.popleft()
        if self.manner.trouble:
            self._queue.clear()
        if self._queue:
            self._agenda.after(self.latency(), self._land, life)
        else:
            self._busy = False
        if not self.manner.trouble:
            self._apply(persist)
        done(not self.manner.trouble)

    def _apply(self, persist: Persist) -> None:
        if persist.truncate is not None:
            self.entries = [e for e in self.entries if e.index <= persist.truncate]
        if persist.snapshot is not None:
            self._cover(persist.snapshot)
        for entry in persist.entries:
            last = self.entries[-1].index if self.entries else None
            if last is not None and entry.index != last + 1:
                fail("INV-14 no holes", f"entry {entry.index} is written after {last}")
            self.entries.append(entry)
        if persist.vote is not None:
            self.vote = persist.vote
        if persist.intent is not None:
            self.intent = persist.intent
        self.committed = max(self.committed, persist.committed)
        self.landed(persist)

    def _cover(self, snapshot: SnapshotRecord) -> None:
        """A snapshot stands for all before it; a few entries before it are kept."""
        self.snapshot = snapshot
        last = self.entries[-1] if self.entries else None
        if last is None or last.index < snapshot.last.index:
            self.entries = []
        else:
            first = snapshot.last.index - self._kept_before_snapshot
            self.entries = [e for e in self.entries if e.index > first]

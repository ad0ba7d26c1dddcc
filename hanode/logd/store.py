"""A node's durable memory: its vote, its part of the log, two generations of snapshots.

One transaction for each batch of writes, on disk before `write` returns. What comes back is
verified link by link: an entry that is not what was written is refused by its index, never served
(INV-13). Disk errors are raised as they are; after one, the caller writes nothing more.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from hanode.codec import Garbled
from hanode.effects import Persist, Saved, SnapshotRecord, Vote
from hanode.events import VOCABULARY, Entry, FencingIntended, Signed
from hanode.ids import Position
from hanode.logd.schema import prepare, settle
from hanode.settings import SNAPSHOT_EVERY

HISTORY = 20_000
"""Entries before the snapshot that stay on disk, for questions about the past."""
LOADED = SNAPSHOT_EVERY
"""Entries before the snapshot that `load` gives back."""
GENERATIONS = 2
"""Snapshots kept: if the last one is damaged, the one before and the entries after it do."""


class LogCorrupt(Exception):  # noqa: N818 - what has happened to the log
    """The disk does not hold what was written. `index` says where; None: the file as a whole."""

    def __init__(self, index: int | None, problem: str) -> None:
        place = "log" if index is None else f"log entry {index}"
        super().__init__(f"{place}: {problem}; keep the file for inspection, then `hanode join`")
        self.index = index


class LogStore:
    """The log on one SQLite connection, used by one thread at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        prepare(connection)

    @classmethod
    def open(cls, path: Path) -> LogStore:
        """The store in this file, made if absent. Raises LogCorrupt, sqlite3.Error, OSError."""
        connection = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
        try:
            store = cls(connection)
            settle(connection, path.parent)
            return store
        except sqlite3.DatabaseError as error:
            connection.close()
            raise _damaged(error) from error

    def close(self) -> None:
        self._db.close()

    # -------------------------------------------------------------------------------- writing

    def write(self, *wanted: Persist) -> None:
        """Make these durable, in their order, all or none. Raises sqlite3.Error."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for persist in wanted:
                self._apply(persist)
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:  # SQLite ends some that fail by itself
                self._db.execute("ROLLBACK")

    def write_again(self) -> None:
        """What changes nothing: does the disk take it? Raises LogCorrupt, sqlite3.Error."""
        self.write(Persist(vote=self._vote()))

    def _apply(self, persist: Persist) -> None:
        if persist.truncate is not None:
            self._db.execute("DELETE FROM entries WHERE position > ?", (persist.truncate,))
        snapshot = persist.snapshot
        # Another node's snapshot replaces what is here; our own rests upon it.
        if snapshot is not None and not any(
            e.index == snapshot.last.index for e in persist.entries
        ):
            self._put_snapshot(snapshot)
            snapshot = None
        self._put_entries(persist.entries)
        if snapshot is not None:
            self._put_snapshot(snapshot)
        if persist.committed:
            self._put_committed(persist.committed)
        if persist.vote is not None:
            self._put_vote(persist.vote)
        if persist.intent is not None:
            event = VOCABULARY.pack(persist.intent)
            self._db.execute("INSERT OR REPLACE INTO intent VALUES (1, ?)", (event,))

    def _put_entries(self, entries: Iterable[Entry]) -> None:
        rows = [
            (e.index, e.term, e.previous, e.signed.payload, e.signed.signature, e.hash())
            for e in entries
        ]
        self._db.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _put_committed(self, index: int) -> None:
        """With the entry's hash, so that a number that decays is found out."""
        self._db.execute(
            "INSERT OR REPLACE INTO committed "
            "SELECT 1, position, hash FROM entries WHERE position = ?",
            (index,),
        )

    def _put_vote(self, vote: Vote) -> None:
        row = (vote.term, vote.voted_for, int(vote.learner), _vote_seal(vote))
        self._db.execute("INSERT OR REPLACE INTO vote VALUES (1, ?, ?, ?, ?)", row)

    def _put_snapshot(self, snapshot: SnapshotRecord) -> None:
        last = snapshot.last
        found = self._db.execute("SELECT hash FROM entries WHERE position = ?", (last.index,))
        if found.fetchone() != (snapshot.last_hash,):
            # It comes from another node, and our entries are not the ones that led to it.
            self._db.execute("DELETE FROM entries")
            self._db.execute("DELETE FROM snapshot")
            self._db.execute("DELETE FROM committed")
        row = (last.index, last.term, snapshot.last_hash, snapshot.state, _seal(snapshot))
        self._db.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?)", row)
        self._forget_old(last.index)

    def _forget_old(self, index: int) -> None:
        self._db.execute(
            "DELETE FROM snapshot WHERE position NOT IN "
            "(SELECT position FROM snapshot ORDER BY position DESC LIMIT ?)",
            (GENERATIONS,),
        )
        (oldest,) = self._db.execute("SELECT min(position) FROM snapshot").fetchone()
        keep_from = min(index - HISTORY, oldest)
        self._db.execute("DELETE FROM entries WHERE position <= ?", (keep_from,))

    # -------------------------------------------------------------------------------- reading

    def load(self) -> Saved:
        """All that was made durable, verified. Raises LogCorrupt, sqlite3.Error."""
        try:
            vote = self._vote()
            snapshot = self._snapshot()
            first = max(0, snapshot.last.index - LOADED) if snapshot is not None else 0
            entries = self.entries(first)
        except sqlite3.DatabaseError as error:
            raise _damaged(error) from error
        _check_chain(entries)
        _check_joint(snapshot, entries)
        return Saved(vote, snapshot, entries, self._intent(), self._committed(entries))

    def entries(self, first: int, count: int = -1) -> tuple[Entry, ...]:
        """Entries from index `first` on (-1: all), each checked by itself. Raises LogCorrupt."""
        rows = self._db.execute(
            "SELECT position, term, previous, payload, signature, hash FROM entries "
            "WHERE position >= ? ORDER BY position LIMIT ?",
            (first, count),
        )
        return tuple(_entry(row) for row in rows)

    def _vote(self) -> Vote:
        row = self._db.execute("SELECT term, voted_for, learner, seal FROM vote").fetchone()
        if row is None:
            return Vote(0, "")
        vote = Vote(row[0], row[1], bool(row[2]))
        if _vote_seal(vote) != row[3]:
            raise LogCorrupt(None, "the vote is not what was written")
        return vote

    def _intent(self) -> FencingIntended | None:
        row = self._db.execute("SELECT event FROM intent").fetchone()
        try:
            event = VOCABULARY.unpack(row[0]) if row else None
        except Garbled:
            raise LogCorrupt(None, "the fencing intent is not what was written") from None
        return event if isinstance(event, FencingIntended) else None

    def _committed(self, entries: tuple[Entry, ...]) -> int:
        row = self._db.execute("SELECT position, hash FROM committed").fetchone()
        if row is None or not entries or row[0] < entries[0].index:
            return 0  # the snapshot covers it
        at = row[0] - entries[0].index
        if at >= len(entries) or entries[at].hash() != row[1]:
            raise LogCorrupt(None, "how far it is committed is not what was written")
        return int(row[0])

    def _snapshot(self) -> SnapshotRecord | None:
        rows = self._db.execute(
            "SELECT term, position, hash, state, seal FROM snapshot ORDER BY position DESC"
        ).fetchall()
        for term, index, last_hash, state, seal in rows:
            snapshot = SnapshotRecord(Position(term, index), last_hash, state)
            if _seal(snapshot) == seal:
                return snapshot
        if rows:
            raise LogCorrupt(rows[0][1], "no snapshot is what was written")
        return None


def _entry(row: tuple[int, int, bytes, bytes, bytes, bytes]) -> Entry:
    index, term, previous, payload, signature, digest = row
    entry = Entry(term, index, previous, Signed(payload, signature))
    if entry.hash() != digest:
        raise LogCorrupt(index, "it is not what was written")
    return entry


def _check_chain(entries: tuple[Entry, ...]) -> None:
    for before, entry in pairwise(entries):
        if entry.index != before.index + 1:
            raise LogCorrupt(before.index + 1, "it is missing")
        if entry.previous != before.hash():
            raise LogCorrupt(entry.index, "it does not follow from the one before")


def _check_joint(snapshot: SnapshotRecord | None, entries: tuple[Entry, ...]) -> None:
    """Snapshot and entries belong to one log, without a gap between them."""
    if snapshot is None:
        if entries and entries[0].index != 1:
            raise LogCorrupt(1, "the log does not begin at its beginning")
        return
    at = snapshot.last.index
    if not entries:
        return
    if entries[0].index > at + 1:
        raise LogCorrupt(at + 1, "it is missing after the snapshot")
    known = next((e.hash() for e in entries if e.index == at), None)
    follows = next((e.previous for e in entries if e.index == at + 1), None)
    if (known or snapshot.last_hash) != snapshot.last_hash:
        raise LogCorrupt(at, "it is not the one that the snapshot holds")
    if (follows or snapshot.last_hash) != snapshot.last_hash:
        raise LogCorrupt(at + 1, "it does not follow from the snapshot")


def _seal(snapshot: SnapshotRecord) -> bytes:
    seal = hashlib.blake2b(repr(tuple(snapshot.last)).encode(), digest_size=32)
    seal.update(snapshot.last_hash)
    seal.update(snapshot.state)
    return seal.digest()


def _vote_seal(vote: Vote) -> bytes:
    return hashlib.blake2b(repr(vote).encode(), digest_size=32).digest()


def _damaged(error: sqlite3.DatabaseError) -> Exception:
    """SQLite's word for a damaged file; anything else of its errors stays what it is."""
    operational = isinstance(error, (sqlite3.OperationalError, sqlite3.InterfaceError))
    return error if operational else LogCorrupt(None, str(error))

"""The replicated log as one node holds it: a chain of entries after a snapshot."""

from __future__ import annotations

from hanode.events import NO_HASH, Entry, Signed
from hanode.ids import ORIGIN, Position


class Log:
    """Entries `base.index + 1 .. last.index`, each chained to the one before by its hash.

    `base` is where the entries kept in memory begin; what is before is in a snapshot.
    """

    def __init__(
        self,
        entries: tuple[Entry, ...] = (),
        base: Position = ORIGIN,
        base_hash: bytes = NO_HASH,
    ) -> None:
        self.base = base
        self.base_hash = base_hash
        self._entries: list[Entry] = []
        self._hashes: list[bytes] = []
        self.durable = base.index
        """The last index that is on this node's disk."""
        self.handed = base.index
        """The last index that the disk was given to write."""
        self.settled = True
        """The base itself is on this node's disk: not yet, while a new one is being written."""
        for entry in entries:
            if entry.index > base.index:
                self._push(entry)
        self.durable = self.handed = self.last.index

    @property
    def last(self) -> Position:
        return self._entries[-1].position if self._entries else self.base

    @property
    def last_hash(self) -> bytes:
        return self._hashes[-1] if self._hashes else self.base_hash

    def has(self, index: int) -> bool:
        """Whether the term at `index` is known: an entry, or the base itself."""
        return self.base.index <= index <= self.last.index

    def term_at(self, index: int) -> int:
        return self.base.term if index == self.base.index else self.entry(index).term

    def hash_at(self, index: int) -> bytes:
        if index == self.base.index:
            return self.base_hash
        return self._hashes[index - self.base.index - 1]

    def position_at(self, index: int) -> Position:
        return Position(self.term_at(index), index)

    def entry(self, index: int) -> Entry:
        assert self.base.index < index <= self.last.index, f"no entry {index} here"
        return self._entries[index - self.base.index - 1]

    def after(self, index: int, count: int) -> tuple[Entry, ...]:
        """At most `count` entries that follow `index`."""
        first = index - self.base.index
        assert first >= 0, f"what follows {index} is in the snapshot"
        return tuple(self._entries[first : first + count])

    def extend(self, term: int, signed: Signed) -> Entry:
        """A new last entry."""
        entry = Entry(term, self.last.index + 1, self.last_hash, signed)
        self._push(entry)
        return entry

    def hand_over(self) -> tuple[Entry, ...]:
        """What the disk was not given yet: it is to be written now."""
        assert self.handed >= self.base.index, "a snapshot covers what was never written"
        entries = self.after(self.handed, self.last.index - self.handed)
        self.handed = self.last.index
        return entries

    def accept(self, entry: Entry) -> bool:
        """Take an entry of the DC's as the next one; False if its chain does not fit ours."""
        if entry.index != self.last.index + 1 or entry.previous != self.last_hash:
            return False
        if entry.term < self.last.term:
            return False
        self._push(entry)
        return True

    def truncate(self, index: int) -> None:
        """Forget the entries after `index`."""
        keep = index - self.base.index
        assert keep >= 0, "a snapshot is never truncated"
        del self._entries[keep:]
        del self._hashes[keep:]
        self.durable = min(self.durable, index)
        self.handed = min(self.handed, index)

    def compact(self, index: int) -> None:
        """Forget the entries up to `index`; a snapshot covers them."""
        if index <= self.base.index:
            return
        base, base_hash = self.position_at(index), self.hash_at(index)
        drop = index - self.base.index
        del self._entries[:drop]
        del self._hashes[:drop]
        self.base, self.base_hash = base, base_hash
        self.handed = max(self.handed, index)  # it may be less where a disk takes no writes

    def reset(self, base: Position, base_hash: bytes) -> None:
        """Begin anew after a snapshot that came from the DC."""
        self.base, self.base_hash = base, base_hash
        self._entries, self._hashes = [], []
        self.durable = self.handed = base.index
        self.settled = False

    def _push(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._hashes.append(entry.hash())

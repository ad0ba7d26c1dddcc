"""The fold itself, kept now and then, so that the log can lose its oldest part."""

from __future__ import annotations

from hanode.codec import STATE_LIMIT, Garbled
from hanode.dc import Log
from hanode.effects import Persist, SnapshotRecord
from hanode.ids import ORIGIN, Position
from hanode.peer_messages import Snapshot
from hanode.settings import SNAPSHOT_EVERY
from hanode.state import ClusterState


class Snapshots:
    """The last two: the log in memory begins at the older one, for followers that lag a little."""

    def __init__(self) -> None:
        self.every = SNAPSHOT_EVERY
        """Entries between two of them."""
        self.limit = STATE_LIMIT
        """Bytes of the longest that anybody can read again."""
        self.size = 0
        """Bytes that the fold had when one was made last, or was to be."""
        self._tried = 0
        """The index at which that was."""
        self._kept: list[SnapshotRecord] = []

    def restore(self, record: SnapshotRecord) -> ClusterState:
        """From this node's own disk."""
        self._kept = [record]
        return ClusterState.unpack(record.state)

    def take(self, snapshot: Snapshot) -> ClusterState | None:
        """From the DC; None if it can't be read, or is not of where the DC's log is to go on."""
        try:
            state = ClusterState.unpack(snapshot.state)
        except Garbled:
            return None
        if state.position != snapshot.last:
            return None
        self._kept = [SnapshotRecord(snapshot.last, snapshot.last_hash, snapshot.state)]
        return state

    @property
    def newest(self) -> int:
        """The index that the last one speaks of; 0 if there is none."""
        return self._kept[-1].last.index if self._kept else 0

    def due(self, state: ClusterState) -> bool:
        """Whether enough has happened since the last."""
        return state.position.index - max(self.newest, self._tried) >= self.every

    def make(self, state: ClusterState, log: Log) -> Persist | None:
        """A new one for the disk; None if nobody could read it again: then the log goes on."""
        position, packed = state.position, state.pack()
        self.size, self._tried = len(packed), position.index
        if self.size > self.limit:
            return None
        new = SnapshotRecord(position, log.hash_at(position.index), packed)
        self._kept = [*self._kept[-1:], new]
        if len(self._kept) > 1:
            log.compact(self._kept[0].last.index)
        return Persist(snapshot=new)

    def oldest(self, log: Log) -> tuple[Position, bytes]:
        """The earliest fold here whose sequel is in memory, for consoles that look back."""
        if log.base == ORIGIN:
            return ORIGIN, ClusterState().pack()
        return self._kept[0].last, self._kept[0].state

    def at(self, base: Position) -> bytes:
        """The fold as of where the log in memory begins, for a follower that is far behind."""
        return next(kept.state for kept in self._kept if kept.last == base)

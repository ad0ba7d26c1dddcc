"""The committed log becomes the state: entry by entry, each once, or all at once by a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.codec import Garbled
from hanode.dc import replication
from hanode.dc.learner import reminded
from hanode.effects import Saved
from hanode.events import Alarm, Entry
from hanode.ids import ORIGIN
from hanode.mgmt.protocol import StateImage
from hanode.node.snapshots import Snapshots
from hanode.peer_messages import Remembered
from hanode.state import apply
from hanode.state.fold import skip
from hanode.state.lawful import objection, refuse
from hanode.state.said import last_word

if TYPE_CHECKING:
    from hanode.node.node import Node

SIZE = "state size"
"""The subject of the alarm."""
LESS = "remove resources or nodes, or their histories: hanode resource cleanup"
COMMIT_KEPT_WITHIN = 1.0
"""Seconds after which a disk is told how far its log is committed, should no entries be told."""


class Folding:
    """Carries `node.state` on; keeps the snapshots of it."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.snapshots = Snapshots()

    def restore(self, saved: Saved) -> None:
        """What this disk holds for certain: the snapshot, and a founding entry."""
        if saved.snapshot is not None:
            self._node.state = self.snapshots.restore(saved.snapshot)
        elif saved.entries and saved.entries[0].index == 1:
            seat = self._node.seat
            seat.commit = max(seat.commit, 1)  # the founding is committed by decree

    def go_on(self) -> None:
        """As far as the log is committed by now."""
        node, seat = self._node, self._node.seat
        before = node.state.position
        if seat.installed is not None:
            self._take_snapshot()
        if seat.commit > seat.commit_kept and seat.timers.at("commit") is None:
            seat.timers.set("commit", node.now + COMMIT_KEPT_WITHIN)
        while node.state.position.index < seat.commit:
            self._apply(seat.log.entry(node.state.position.index + 1))
        if node.state.position != before:
            self._remember_ourselves()
        if self.snapshots.due(node.state) and self._disk_keeps_up():
            self._make_snapshot()

    def _remember_ourselves(self) -> None:
        """What we said in a life that this disk knows nothing of, the log knows, even if no peer
        does that could tell us."""
        node = self._node
        if node.roll.has_us and node.seat.voters:  # not before it knows whose votes count
            boot, number = last_word(node.state, node.name)
            said = Remembered(boot, ORIGIN, number)
            reminded(node.seat, node.name, said, node.facts.last)

    def _make_snapshot(self) -> None:
        node, seat = self._node, self._node.seat
        replication.flush(seat)  # a snapshot rests upon its last entry
        made = self.snapshots.make(node.state, seat.log)
        if made is not None:
            seat.write(made)
        self._watch_size(self.snapshots.size, self.snapshots.limit)

    def _watch_size(self, size: int, limit: int) -> None:
        """A DC raises the alarm while there is still as much room again."""
        state = self._node.state
        known = next((one.message for one in state.alarms if one.subject == SIZE), "")
        if size <= limit / 2:
            word = ""
        elif size <= limit:
            word = f"more than half of the {limit} bytes that the cluster's state may have; {LESS}"
        else:
            word = f"the state is longer than {limit} bytes, so the log is not cut any more; {LESS}"
        if word != known and self._node.seat.leads:
            self._node.state_fact(Alarm(SIZE, word))

    def _disk_keeps_up(self) -> bool:
        """This disk has reached the last snapshot, from which the log in memory will begin; one
        that takes no writes at all is not waited for."""
        seat = self._node.seat
        return bool(seat.trouble) or self.snapshots.newest <= seat.log.durable

    def _apply(self, entry: Entry) -> None:
        node = self._node
        try:
            statement, event = entry.signed.open()
        except Garbled as error:
            skip(node.state, entry)
            node.say("error", f"entry {entry.index} can't be read: {error}")
            return
        node.proposals.settled(statement.id)
        no = objection(node.state, entry.signed, statement, event, node.verify, entry.term)
        if no:
            refuse(node.state, entry, statement, node.verify)
            node.say("error", f"entry {entry.index} has no force: {no}")
            node.desk.commands.without_force(statement.id, no)
            return
        if wrong := apply(node.state, entry, statement, event):
            node.say("error", f"entry {entry.index} could not be applied: {wrong}; report this")
        node.reactions.noticed(entry, statement, event)

    def _take_snapshot(self) -> None:
        """The DC's fold in place of ours, which lags too far behind its log."""
        node = self._node
        before, node.state = node.state, node.seat.installed
        node.seat.installed = None
        node.reactions.replaced(before)

    # ------------------------------------------------------------------------- for those who ask

    def image(self, number: int) -> StateImage:
        """The whole state, to answer request `number`."""
        state = self._node.state
        return StateImage(number, state.position, state.pack())

    def oldest(self, number: int) -> StateImage:
        """The earliest whose sequel is still in memory."""
        return StateImage(number, *self.snapshots.oldest(self._node.seat.log))

    def entries(self, after: int, count: int) -> tuple[Entry, ...]:
        """Committed entries that follow `after`; none if they are not in memory any more."""
        log, applied = self._node.seat.log, self._node.state.position.index
        if after < log.base.index or after >= applied:
            return ()
        return log.after(after, min(count, applied - after))

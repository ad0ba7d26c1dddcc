"""A fold that is long: nothing is written that nobody could read again, and people hear in time."""

from __future__ import annotations

from random import Random

from hanode.codec import LIMIT
from hanode.effects import Persist, Saved, SnapshotRecord
from hanode.events import AttributeSet
from hanode.identity import verify
from hanode.mgmt.protocol import ANSWERS, StateImage
from hanode.node import Node
from hanode.peer_messages import PEER, Snapshot
from hanode.settings import Timing
from hanode.state import ClusterState
from tests.unit.node.alone import IDENTITY, Alone


def snapshots(alone: Alone) -> list[SnapshotRecord]:
    return [write.snapshot for write in alone.all(Persist) if write.snapshot is not None]


def alarms(alone: Alone) -> list[str]:
    return [one.message for one in alone.node.state.alarms if one.subject == "state size"]


def limited(limit: int) -> Alone:
    """Each entry is worth a snapshot, which may be so long."""
    alone = Alone()
    alone.node.folding.snapshots.every = 1
    alone.node.folding.snapshots.limit = limit
    alone.node.state_fact(AttributeSet("n1", "a", "1"))
    alone.wait(3.0)
    return alone


def test_a_fold_with_room_is_no_alarm() -> None:
    alone = limited(1_000_000)
    assert snapshots(alone)
    assert not alarms(alone)


def test_half_of_what_it_may_have_is_an_alarm() -> None:
    size = len(limited(1_000_000).node.state.pack())
    alone = limited(size + size // 2)
    assert snapshots(alone)
    assert "more than half" in alarms(alone)[0]
    assert "cleanup" in alarms(alone)[0]
    alone.node.folding.snapshots.limit = 1_000_000
    alone.node.state_fact(AttributeSet("n1", "a", "1"))
    alone.wait(3.0)
    assert not alarms(alone)


def test_what_nobody_could_read_is_not_written() -> None:
    alone = limited(100)
    assert not snapshots(alone)
    assert "longer than 100 bytes" in alarms(alone)[0]


def test_one_that_is_longer_than_other_messages_comes_back_from_disk_and_from_the_dc() -> None:
    alone = limited(1_000_000)
    long = ClusterState.unpack(snapshots(alone)[-1].state)
    long.name = "x" * (LIMIT + 1)
    packed, last = long.pack(), snapshots(alone)[-1]
    saved = Saved(snapshot=SnapshotRecord(last.last, last.last_hash, packed))
    again = Node("n1", 2, Timing(), IDENTITY, verify, Random(2), saved, alone.now)
    assert again.state == long
    sent = Snapshot(1, "n1", 1, last.last, last.last_hash, packed, 1)
    assert PEER.unpack(PEER.pack(sent)) == sent
    shown = StateImage(1, last.last, packed)
    assert ANSWERS.unpack(ANSWERS.pack(shown)) == shown

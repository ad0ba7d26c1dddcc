"""A disk that takes no writes: its node follows, and nothing that it says counts."""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.dc import Consensus, unwritable
from hanode.effects import Exit, Persist, Saved, Send, TryDisk, Vote, Wrote
from hanode.ids import Position
from hanode.local_messages import View
from hanode.peer_messages import Append, AppendReply, Snapshot, VoteReply, VoteRequest
from hanode.settings import Timing

from .test_replication import NOW, VIEW, a_dc, appends, elect, propose, writes, written

FULL = "disk full: /var/lib/hanode"


def follower(saved: Saved | None = None) -> Consensus:
    """n2, which follows the DC n1 of term 1."""
    seat = Consensus("n2", 1, Timing(), Random(1), saved or Saved(), lambda base: b"", 0.0)
    seat.members(("n1", "n2", "n3"), ())
    seat.seen(VIEW, {}, 0.0)
    return seat


def told_by(dc: Consensus, seat: Consensus) -> None:
    """All that the DC has, in one append."""
    entries = dc.log.after(0, 100)
    seat.told("n1", Append(1, "n1", 1, Position(0, 0), bytes(32), entries, dc.commit, 7), NOW)


def replies(seat: Consensus, kind: type) -> list[Any]:
    sent = [effect.message for effect in seat.out if isinstance(effect, Send)]
    return [message for message in sent if isinstance(message, kind)]


def test_it_gives_no_vote_and_asks_for_none() -> None:
    seat = follower()
    unwritable.failed(seat, FULL, NOW)
    seat.told("n3", VoteRequest(5, "n3", 1, Position(4, 9), False), NOW + 60)
    seat.told("n3", VoteRequest(5, "n3", 1, Position(4, 9), True), NOW + 60)
    answers = replies(seat, VoteReply)
    assert [reply.granted for reply in answers] == [False, False]
    assert FULL in answers[0].reason
    seat.ring("election", NOW + 60)
    assert not replies(seat, VoteRequest)


def test_it_takes_in_what_the_dc_says_and_claims_none_of_it() -> None:
    dc, seat = a_dc(), follower()
    propose(dc, 3)
    unwritable.failed(seat, FULL, NOW)
    told_by(dc, seat)
    assert seat.log.last.index == 3
    (reply,) = replies(seat, AppendReply)
    assert (reply.ok, reply.match, reply.learner) == (True, 0, True)
    assert not [effect for effect in seat.out if isinstance(effect, Persist)]


def test_what_was_on_disk_before_is_still_there() -> None:
    dc, seat = a_dc(), follower()
    propose(dc, 1)
    told_by(dc, seat)
    seat.wrote(Wrote(dc.log.last, 1), NOW)
    propose(dc, 2)
    unwritable.failed(seat, FULL, NOW)
    told_by(dc, seat)
    assert replies(seat, AppendReply)[-1].match == 1


def test_a_snapshot_is_taken_up_in_memory_alone() -> None:
    seat = follower()
    unwritable.failed(seat, FULL, NOW)
    seat.told("n1", Snapshot(1, "n1", 1, Position(1, 50), b"h" * 32, b"state", 3), NOW)
    assert seat.installed is not None
    (reply,) = replies(seat, AppendReply)
    assert (reply.ok, reply.match) == (True, 0)
    assert not writes(seat)


def test_a_log_that_is_only_remembered_can_lose_its_oldest_part() -> None:
    dc, seat = a_dc(), follower()
    propose(dc, 5)
    unwritable.failed(seat, FULL, NOW)
    told_by(dc, seat)
    seat.log.compact(4)
    assert len(seat.log.hand_over()) == 1


def test_a_dc_steps_down() -> None:
    dc = a_dc()
    unwritable.failed(dc, FULL, NOW)
    assert dc.role == "follower"
    dc.ring("election", NOW + 60)
    assert dc.role == "follower"


def test_a_dc_does_not_count_who_can_not_write() -> None:
    """Nor what it said in memory, once it writes again: that was never on its disk."""
    dc = a_dc()
    propose(dc, 1)
    written(dc)
    dc.told("n2", AppendReply(1, "n2", 1, appends(dc, "n2")[-1].round, True, 0, "", True), NOW)
    assert dc.commit == 0
    dc.told("n2", AppendReply(1, "n2", 1, appends(dc, "n2")[-1].round, True, 0, "", False), NOW)
    assert dc.commit == 0
    dc.told("n3", AppendReply(1, "n3", 1, appends(dc, "n3")[-1].round, True, 1), NOW)
    assert dc.commit == 1


def test_two_and_a_witness_go_on_by_the_witness() -> None:
    """The other data node is there, and can't keep what is committed: as if it were not."""
    dc = Consensus("n1", 1, Timing(), Random(1), Saved(), lambda base: b"", 0.0)
    dc.members(("n1", "n2"), ("w",))
    dc.seen(View(1, (("n1", 1), ("n2", 1), ("w", 1)), True), {}, 0.0)
    elect(dc, "w")
    dc.told("n2", AppendReply(1, "n2", 1, appends(dc, "n2")[-1].round, True, 0, "", True), NOW)
    propose(dc, 1)
    written(dc)
    dc.told("w", AppendReply(1, "w", 1, appends(dc, "w")[-1].round, True, 1), NOW)
    assert dc.commit == 1


def test_the_disk_is_tried_until_it_works_and_then_all_begins_anew() -> None:
    seat = follower(Saved(vote=Vote(3, "n1"), trouble=FULL))
    assert not seat.counts
    at = seat.timers.at("disk")
    assert at is not None
    seat.ring("disk", at)
    assert seat.out[-1] == TryDisk()
    assert (seat.timers.at("disk") or 0.0) > at
    unwritable.works(seat)
    assert isinstance(seat.out[-1], Exit)
    assert not seat.out[-1].left


def test_a_disk_that_was_never_in_trouble_ends_nothing() -> None:
    seat = follower()
    seat.out.clear()
    unwritable.works(seat)
    assert not seat.out

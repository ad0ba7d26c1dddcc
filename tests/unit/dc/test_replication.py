"""What comes while a write or an append is under way leaves together, when the answer is there."""

from __future__ import annotations

from random import Random

from hanode.dc import Consensus, election, replication
from hanode.effects import Persist, Saved, Send, Wrote
from hanode.events import Entry, Signed
from hanode.ids import Position
from hanode.local_messages import View
from hanode.peer_messages import Append, AppendReply, Snapshot, VoteReply
from hanode.settings import APPEND_BATCH, APPEND_BYTES, Timing

VIEW = View(1, (("n1", 1), ("n2", 1), ("n3", 1)), True)
BORN = 100.0
NOW = 110.0


def a_dc() -> Consensus:
    """n1, elected with n2's vote; both followers have answered its first append."""
    seat = Consensus("n1", 1, Timing(), Random(1), Saved(), lambda base: b"", BORN)
    seat.members(("n1", "n2", "n3"), ())
    seat.seen(VIEW, {}, BORN)
    elect(seat, "n2")
    for follower in ("n2", "n3"):
        answer(seat, follower)
    seat.out.clear()
    return seat


def elect(seat: Consensus, voter: str) -> None:
    """It stands in term 1 and is elected by its own vote and this one."""
    seat.ring("election", NOW)
    seat.told(voter, VoteReply(1, voter, 1, True, True), NOW)
    seat.wrote(Wrote(seat.log.last, 1), NOW)
    seat.told(voter, VoteReply(1, voter, 1, True, False), NOW)
    assert seat.leads


def answer(seat: Consensus, follower: str) -> None:
    """It has all that it was sent last on its disk."""
    append = appends(seat, follower)[-1]
    match = append.previous.index + len(append.entries)
    seat.told(follower, AppendReply(1, follower, 1, append.round, True, match), NOW)


def appends(seat: Consensus, follower: str) -> list[Append]:
    sent = [e for e in seat.out if isinstance(e, Send) and e.peer == follower]
    return [each.message for each in sent if isinstance(each.message, Append)]


def writes(seat: Consensus) -> list[tuple[Entry, ...]]:
    return [effect.entries for effect in seat.out if isinstance(effect, Persist) and effect.entries]


def propose(seat: Consensus, count: int) -> None:
    for number in range(count):
        replication.propose(seat, Signed(b"%d" % number, b""), NOW)


def written(seat: Consensus) -> None:
    """Its own disk has what it was given last."""
    last = writes(seat)[-1][-1]
    seat.wrote(Wrote(last.position, 1), NOW)


def test_one_write_is_under_way_and_the_rest_shares_the_next() -> None:
    seat = a_dc()
    propose(seat, 5)
    assert [len(entries) for entries in writes(seat)] == [1]
    written(seat)
    assert [len(entries) for entries in writes(seat)] == [1, 4]
    written(seat)
    assert [len(entries) for entries in writes(seat)] == [1, 4]
    assert seat.log.durable == 5


def test_one_append_is_under_way_to_each_follower() -> None:
    seat = a_dc()
    propose(seat, 5)
    assert [len(append.entries) for append in appends(seat, "n2")] == [1]
    answer(seat, "n2")
    assert [len(append.entries) for append in appends(seat, "n2")] == [1, 4]
    assert [len(append.entries) for append in appends(seat, "n3")] == [1], "it is waited for alone"


def test_a_whole_batch_waits_for_nobody() -> None:
    seat = a_dc()
    propose(seat, 1 + APPEND_BATCH)
    assert [len(entries) for entries in writes(seat)] == [1, APPEND_BATCH]
    assert [len(append.entries) for append in appends(seat, "n2")] == [1, APPEND_BATCH]


def test_a_majority_commits_while_the_own_disk_is_slow() -> None:
    seat = a_dc()
    propose(seat, 1)
    answer(seat, "n2")
    assert seat.commit == 0
    answer(seat, "n3")
    assert seat.commit == 1


def test_who_waits_for_nothing_hears_at_once_what_is_committed() -> None:
    seat = a_dc()
    propose(seat, 1)
    answer(seat, "n2")
    seat.out.clear()
    seat.wrote(Wrote(seat.log.last, 1), NOW)
    assert seat.commit == 1
    assert [append.commit for append in appends(seat, "n2")] == [1]
    assert not appends(seat, "n3"), "it owes an answer"


def test_a_snapshot_tells_the_disk_itself_how_far_the_log_is_committed() -> None:
    seat = Consensus("n2", 1, Timing(), Random(1), Saved(), lambda base: b"", BORN)
    seat.members(("n1", "n2", "n3"), ())
    seat.seen(VIEW, {}, BORN)
    seat.told("n1", Snapshot(1, "n1", 1, Position(1, 50), b"h" * 32, b"state", 3), NOW)
    assert [effect.snapshot.last for effect in seat.out if isinstance(effect, Persist)
            and effect.snapshot] == [Position(1, 50)]  # fmt: skip
    seat.out.clear()
    seat.ring("commit", NOW)
    assert not seat.out


def test_who_steps_back_leaves_nothing_that_its_disk_was_not_given() -> None:
    """As a follower it answers for what is on disk; nobody would write the rest."""
    seat = a_dc()
    propose(seat, 5)
    election.step_down(seat, 2, NOW, "a test")
    assert [len(entries) for entries in writes(seat)] == [1, 4]
    assert seat.log.handed == seat.log.last.index


def test_entries_that_are_long_leave_in_appends_of_their_own() -> None:
    seat = a_dc()
    for _ in range(3):
        replication.propose(seat, Signed(bytes(APPEND_BYTES - 100), b""), NOW)
    sizes: list[int] = []
    while not sizes or seat.progress["n2"].next <= seat.log.last.index:
        sizes.append(len(appends(seat, "n2")[-1].entries))
        answer(seat, "n2")
    assert sizes == [1, 1]
    assert len(appends(seat, "n2")[-1].entries) == 1


def test_a_witness_is_told_no_position_that_the_other_data_node_lacks() -> None:
    """Simulator, 2 nodes and a witness, seed 131494: the DC's disk was restored from an older copy
    just then; the witness stood up for an entry that nobody had, and nobody was the DC again."""
    seat = Consensus("n1", 1, Timing(), Random(1), Saved(), lambda base: b"", BORN)
    seat.members(("n1", "n2"), ("w",))
    seat.seen(View(1, (("n1", 1), ("n2", 1), ("w", 1)), True), {}, BORN)
    elect(seat, "n2")
    answer(seat, "n2")
    propose(seat, 1)
    written(seat)
    assert {append.previous.index for append in appends(seat, "w")} == {0}
    answer(seat, "n2")
    assert seat.commit == 1
    assert [append.previous.index for append in appends(seat, "w")][-1] == 1
    seat.seen(View(2, (("n1", 1), ("w", 1)), True), {}, NOW)
    propose(seat, 1)
    written(seat)
    assert [append.previous.index for append in appends(seat, "w")][-1] == 2, "it counts now"

"""Who may have our vote, and when."""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.dc import Consensus
from hanode.dc.election import lease_over_at
from hanode.effects import Persist, Saved, Send, Vote, Wrote
from hanode.ids import ORIGIN, Position
from hanode.local_messages import View
from hanode.peer_messages import Append, AppendReply, VoteReply, VoteRequest
from hanode.settings import Timing

TIMING = Timing()
ALL = View(1, (("n1", 1), ("n2", 1), ("n3", 1)), True)
WITHOUT_N1 = View(2, (("n2", 1), ("n3", 1)), True)
BORN = 100.0


def seat(name: str = "n2", saved: Saved | None = None, view: View = ALL) -> Consensus:
    one = Consensus(name, 1, TIMING, Random(1), saved or Saved(), lambda base: b"", BORN)
    one.members(("n1", "n2", "n3"), ())
    one.seen(view, {}, BORN)
    one.out.clear()
    return one


def ask(
    one: Consensus, now: float, term: int = 1, candidate: str = "n3", *, trial: bool = False,
    last: Position = ORIGIN, boot: int = 1,
) -> VoteReply:  # fmt: skip
    one.told(candidate, VoteRequest(term, candidate, boot, last, trial), now)
    return reply_in(one)


def reply_in(one: Consensus) -> VoteReply:
    sent = [e.message for e in unfold(one) if isinstance(e, Send)]
    replies = [message for message in sent if isinstance(message, VoteReply)]
    one.out.clear()
    assert len(replies) == 1
    return replies[0]


def unfold(one: Consensus) -> list[Any]:
    found: list[Any] = []
    for effect in one.out:
        found.extend(effect.then if isinstance(effect, Persist) else (effect,))
    return found


LATER = BORN + 2 * TIMING.election


def test_a_vote_leaves_only_after_it_is_on_disk() -> None:
    one = seat()
    one.told("n3", VoteRequest(1, "n3", 1, Position(0, 0), False), LATER)
    persist = next(e for e in one.out if isinstance(e, Persist))
    assert persist.vote == Vote(1, "n3")
    assert not any(isinstance(e, Send) for e in one.out), "never beside the write"
    assert isinstance(persist.then[0], Send)


def test_one_vote_a_term() -> None:
    one = seat()
    assert ask(one, LATER, candidate="n3").granted
    assert not ask(one, LATER, candidate="n1").granted
    assert ask(one, LATER, candidate="n3").granted, "the same answer to the same candidate"


def test_a_vote_is_remembered_over_a_crash() -> None:
    again = seat(saved=Saved(vote=Vote(1, "n3")))
    assert not ask(again, LATER, candidate="n1").granted
    assert ask(again, LATER, candidate="n3").granted


def test_no_vote_before_one_time_out_after_the_own_start() -> None:
    assert not ask(seat(), BORN + 0.5 * TIMING.election).granted


def test_no_vote_for_a_log_that_lacks_something() -> None:
    saved = Saved(vote=Vote(1, ""))
    one = seat(saved=saved)
    one.log.reset(Position(1, 5), b"x" * 32)
    assert not ask(one, LATER, term=2, last=Position(1, 4)).granted
    assert ask(one, LATER, term=2, last=Position(1, 5)).granted


def test_no_vote_for_a_candidate_outside_the_view_or_in_another_boot() -> None:
    one = seat(view=WITHOUT_N1)
    assert not ask(one, LATER, candidate="n1").granted
    assert not ask(one, LATER, candidate="n3", boot=2).granted


def test_no_vote_from_a_disk_that_has_forgotten() -> None:
    one = seat(saved=Saved(vote=Vote(0, "", learner=True)))
    assert "it learns" in ask(one, LATER).reason


def test_no_vote_for_a_witness_nor_for_whom_nobody_counts() -> None:
    one = seat()
    one.members(("n1", "n2"), ("n3",))
    assert ask(one, LATER).reason == "not a data node of this cluster"
    one.members(("n1", "n2", "n3"), (), ("n3",))
    assert ask(one, LATER).reason == "fenced, and not caught up yet"
    one.members(("n1", "n2", "n3"), ())
    assert ask(one, LATER).granted


def test_no_vote_in_a_term_that_is_over() -> None:
    one = seat(saved=Saved(vote=Vote(5, "")))
    assert ask(one, LATER, term=4).reason == "term 5 has begun"
    assert one.voted_for == ""


def test_a_trial_promises_nothing() -> None:
    one = seat()
    assert ask(one, LATER, term=1, candidate="n3", trial=True).granted
    assert one.term == 0
    assert ask(one, LATER, term=1, candidate="n1", trial=True).granted


def follow_n1(one: Consensus, now: float) -> None:
    one.told("n1", Append(1, "n1", 1, Position(0, 0), bytes(32), (), 0, 1), now)
    one.out.clear()


def test_a_dc_that_is_well_is_not_replaced() -> None:
    one = seat()
    follow_n1(one, LATER)
    assert not ask(one, LATER + 0.1, term=2, candidate="n3", trial=True).granted


def test_a_dc_in_the_view_whose_log_is_silent_is_replaced() -> None:
    one = seat()
    follow_n1(one, LATER)
    one.seen(ALL, {"n1": LATER + 1.0}, LATER + 1.0)
    assert ask(one, LATER + TIMING.election, term=2, candidate="n3").granted


def test_a_dc_out_of_view_keeps_its_lease_for_one_time_out_after_our_last_echo() -> None:
    one = seat()
    follow_n1(one, LATER)
    echoed = LATER + 0.7
    one.seen(WITHOUT_N1, {"n1": echoed}, LATER + 1.0)
    assert not ask(one, echoed + 0.9 * TIMING.election, term=2, candidate="n3").granted
    assert ask(one, echoed + TIMING.election, term=2, candidate="n3").granted


def test_nor_does_one_help_past_an_earlier_dc_that_slept_through_its_successor() -> None:
    """Simulator, 2w seed 47688: n2 had followed n3 since, while the heartbeats of n1, whose crm was
    asleep, said that it led, and renewed its lease."""
    one = seat()
    follow_n1(one, LATER)
    one.told("n3", Append(2, "n3", 1, Position(0, 0), bytes(32), (), 0, 1), LATER + 0.5)
    echoed = LATER + 9.0
    one.seen(WITHOUT_N1, {"n1": echoed}, LATER + 9.1, frozenset({"n1"}))
    later = echoed + 0.9 * TIMING.election
    assert not ask(one, later, term=3, candidate="n3").granted
    assert ask(one, echoed + TIMING.election, term=3, candidate="n3").granted


def test_no_lease_outlives_its_holders_boot() -> None:
    """Simulator, 3 nodes, seed 492: the DC's node restarted within a deadtime. Nobody else got a
    vote for as long as its log may be silent, as if it led still: five seconds without a DC."""
    one = seat()
    follow_n1(one, LATER)
    one.seen(View(4, (("n1", 2), ("n2", 1), ("n3", 1)), True), {"n1": LATER}, LATER + 0.1)
    assert one.leader == ""
    assert (one.timers.at("election") or 0.0) <= LATER + 0.1 + 3 * TIMING.keepalive
    assert ask(one, LATER + 0.1, term=2, candidate="n3").granted


def test_a_later_term_heard_of_does_not_make_the_lease_forgotten() -> None:
    one = seat()
    follow_n1(one, LATER)
    echoed = LATER + 0.7
    one.seen(WITHOUT_N1, {"n1": echoed}, LATER + 1.0)
    one.told("n3", AppendReply(9, "n3", 1, 1, False, 0), LATER + 1.0)
    one.told("n3", VoteReply(9, "n3", 1, False, False), LATER + 1.0)
    one.out.clear()
    assert one.term == 9
    assert not ask(one, echoed + 0.9 * TIMING.election, term=10, candidate="n3").granted


def test_appends_of_a_dc_outside_the_view_are_refused() -> None:
    one = seat(view=WITHOUT_N1)
    one.told("n1", Append(1, "n1", 1, Position(0, 0), bytes(32), (), 0, 1), LATER)
    assert one.leader == ""
    assert not one.out


def test_a_minority_does_not_stand() -> None:
    one = seat(view=View(3, (("n2", 1),), False))
    one.ring("election", LATER)
    assert one.role == "follower"


def stand(one: Consensus) -> None:
    one.ring("election", LATER)
    assert one.role == "trial"
    one.told("n3", VoteReply(1, "n3", 1, True, True), LATER)
    assert one.role == "candidate"
    kept = next(e for e in unfold(one) if isinstance(e, Wrote))
    one.wrote(kept, LATER)


def test_nobody_stands_while_the_own_vote_is_kept_for_an_earlier_dc() -> None:
    one = seat()
    one.ring("election", BORN + 0.5 * TIMING.election)
    assert one.role == "follower"
    assert (one.timers.at("election") or 0.0) >= BORN + TIMING.election


def test_who_hears_of_a_later_term_stands_no_more() -> None:
    one = seat()
    stand(one)
    one.told("n3", VoteReply(9, "n3", 1, False, False), LATER)
    assert (one.role, one.term, one.voted_for) == ("follower", 9, "")


def test_the_own_vote_counts_only_once_it_is_on_disk() -> None:
    """Simulator, 2 nodes, seed 684: one of two went on alone, was the DC at once, and could not
    write its vote; the other one was elected in the same term."""
    one = seat(view=View(2, (("n2", 1),), True))
    one.members(("n2", "n3"), (), ("n3",))
    one.ring("election", LATER)
    assert one.role == "candidate"
    persist = next(e for e in one.out if isinstance(e, Persist))
    assert persist.vote == Vote(1, "n2")
    one.told("n3", VoteReply(1, "n3", 1, True, False), LATER)
    assert one.role == "candidate", "a withheld vote changes nothing"
    one.wrote(next(e for e in persist.then if isinstance(e, Wrote)), LATER)
    assert one.role == "dc"


def test_trial_then_votes_then_office() -> None:
    one = seat()
    stand(one)
    one.told("n3", VoteReply(1, "n3", 1, True, False), LATER)
    assert one.role == "dc"


def test_the_first_in_line_asks_again_at_once_while_a_voter_waits_for_the_old_lease() -> None:
    """Lab, 16 nodes: some voters' last echo to the dead DC was younger; their no was not taken for
    an answer to the trial, and the cluster went without a DC for another second."""
    one = seat()
    follow_n1(one, BORN)
    one.seen(WITHOUT_N1, {"n1": BORN}, BORN + 1.0)
    now = BORN + TIMING.election
    one.ring("election", now)
    assert one.role == "trial"
    waiting = seat("n3")
    follow_n1(waiting, BORN)
    waiting.seen(WITHOUT_N1, {"n1": BORN + 0.05}, BORN + 1.0)
    request = next(e.message for e in one.out if isinstance(e, Send) and e.peer == "n3")
    waiting.told("n2", request, now)
    denied = reply_in(waiting)
    assert not denied.granted
    one.told("n3", denied, now)
    assert (one.timers.at("election") or 0.0) < now + TIMING.keepalive


def test_votes_of_an_earlier_boot_or_term_or_kind_do_not_count() -> None:
    one = seat()
    stand(one)
    one.told("n3", VoteReply(1, "n3", 0, True, False), LATER)
    one.told("n3", VoteReply(0, "n3", 1, True, False), LATER)
    one.told("n3", VoteReply(1, "n3", 1, True, True), LATER)
    one.told("n1", VoteReply(1, "n3", 1, True, False), LATER)
    assert one.role == "candidate"


def test_a_dc_that_has_quorum_helps_nobody_into_its_place() -> None:
    one = seat()
    stand(one)
    one.told("n3", VoteReply(1, "n3", 1, True, False), LATER)
    one.out.clear()
    much_later = LATER + 10 * TIMING.slowness
    assert ask(one, much_later, term=2, last=one.log.last).reason == "this node is the DC"
    assert one.role == "dc"


def test_a_dc_that_nobody_answers_steps_back() -> None:
    one = seat()
    stand(one)
    one.told("n3", VoteReply(1, "n3", 1, True, False), LATER)
    one.ring("announce", LATER + 0.5 * TIMING.slowness)
    assert one.role == "dc"
    one.ring("announce", LATER + 1.5 * TIMING.slowness)
    assert one.role == "follower"


def test_a_dc_in_the_view_may_be_slow_unless_its_stream_is_closed() -> None:
    one = seat()
    one.stream_opened("n1", LATER)
    one.told("n1", Append(1, "n1", 1, Position(0, 0), bytes(32), (), 0, 1), LATER)
    waits = one.timers.at("election") or 0.0
    assert waits >= LATER + TIMING.slowness
    one.stream_closed("n1", LATER)
    waits = one.timers.at("election") or 0.0
    assert LATER + TIMING.election <= waits < LATER + TIMING.slowness


def test_a_voter_says_whom_it_goes_on_to_give_a_lease() -> None:
    """Simulator, 3 nodes, seed 866: the DC was mute; a voter had it in its view still, which then
    dropped it. The new DC acted within the old one's lease, which that voter had renewed."""
    one = seat()
    one.told("n1", Append(1, "n1", 1, Position(0, 0), bytes(32), (), 0, 1), LATER)
    one.out.clear()
    much_later = LATER + TIMING.slowness
    assert ask(one, much_later, term=2).beside == "n1"
    one.seen(WITHOUT_N1, {}, much_later)
    assert ask(one, much_later + TIMING.election, term=3).beside == ""


def test_a_dc_knows_which_earlier_ones_may_hold_a_lease_and_until_when() -> None:
    one = seat()
    stand(one)
    one.told("n3", VoteReply(1, "n3", 1, True, False, beside="n1"), LATER)
    assert one.leads
    assert "n1" in one.beside
    one.seen(WITHOUT_N1, {}, LATER + 0.1)
    assert lease_over_at(one, "n1") >= LATER + 0.1 + TIMING.election + TIMING.lease


def test_an_entry_counts_for_the_dc_itself_only_once_it_is_on_its_disk() -> None:
    from hanode.dc import replication
    from hanode.events import Signed

    one = seat()
    stand(one)
    one.told("n3", VoteReply(1, "n3", 1, True, False), LATER)
    at = replication.propose(one, Signed(b"x", b"y"), LATER)
    one.told("n3", AppendReply(1, "n3", 1, one.round, True, at.index), LATER)
    assert one.commit == 0
    one.wrote(Wrote(at, 1), LATER)
    assert one.commit == at.index


def test_a_term_that_no_disk_can_keep_is_none() -> None:
    """A member that lies about it could have ended every crm, again after each start."""
    one = seat()
    one.told("n3", VoteRequest(1 << 63, "n3", 1, Position(0, 0), False), LATER)
    assert one.term == 0
    assert not [effect for effect in unfold(one) if isinstance(effect, (Persist, Send, Vote))]


def test_who_echoed_the_old_dc_amid_its_trial_waits_for_that_lease() -> None:
    """Simulator, 2w, seed 52046: the DC's heartbeat had slept, and woke as the trial's answer was
    under way; then it was lost, and another was elected beside it."""
    one = seat()
    one.told("n1", Append(1, "n1", 1, ORIGIN, b"", (), 0, 1), BORN)
    one.ring("election", LATER)
    assert one.role == "trial"
    one.seen(WITHOUT_N1, {"n1": LATER}, LATER)
    one.told("n3", VoteReply(one.term + 1, "n3", 1, True, True), LATER)
    assert (one.role, one.term) == ("follower", 1)

"""Whose word has force, and in which term."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.events import (
    VOCABULARY,
    Alarm,
    AttributeSet,
    ClusterFounded,
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    FencingIntended,
    Member,
    NodeReported,
    Signed,
    Statement,
    TransitionEnded,
    TransitionStarted,
    ViewAgreed,
    VoteRestored,
)
from hanode.identity import verify
from hanode.node.facts import Facts
from hanode.state import ClusterState, apply
from hanode.state.lawful import objection, of_office
from hanode.state.records import NodeRecord

from .alone import IDENTITY, Alone
from .follower import TERM, Follower
from .objections import NEWCOMER, OTHER, objected


def opened(statement: Statement) -> tuple[Statement, Event]:
    return statement, VOCABULARY.unpack(statement.event)


def test_a_word_counts_if_a_member_has_signed_it() -> None:
    state = Alone().node.state
    alarm = Alarm("power", "one feed is down")
    assert objected(state, alarm, 2) == ""
    assert objected(state, alarm, 2, actor="n2") == "n2 is no member"
    state.members["n2"] = NEWCOMER
    assert objected(state, alarm, 2, actor="n2") == "not signed by n2"


def test_a_cluster_is_founded_once_by_its_first_member() -> None:
    member = Member("n1", 1, "data", IDENTITY.public)
    fresh, founding = ClusterState(cluster=b"c" * 16), ClusterFounded(b"c" * 16, "shop", (member,))
    assert objected(fresh, founding, 1) == ""
    assert "no member of" in objected(fresh, founding, 1, actor="n2")
    forged = replace(founding, members=(replace(member, public=OTHER.public),))
    assert objected(fresh, forged, 1) == "not signed by n1"
    assert "founded already" in objected(Alone().node.state, founding, 1)


def test_an_office_is_taken_in_the_term_that_elected_for_it() -> None:
    state = Alone().node.state
    assert objected(state, DcElected(7, "n1"), 7) == ""


def test_nobody_takes_office_for_another() -> None:
    state = Alone().node.state
    assert objected(state, DcElected(7, "n2"), 7) == "n1 can't take office for n2"


@pytest.mark.parametrize(
    "event",
    [
        ViewAgreed((("n1", 1),)),
        VoteRestored("n1", 1),
        TransitionStarted(1, 1, ()),
        TransitionEnded(1, "complete"),
    ],
)
def test_only_the_dc_speaks_as_the_dc(event: Event) -> None:
    state = Alone().node.state
    assert objected(state, event, 2) == ""
    state.dc = "n3"
    assert objected(state, event, 2) == "n1 is not the DC"


@pytest.mark.parametrize("kind", [FencingIntended, FencingConfirmed])
@pytest.mark.parametrize("cause", ["", "operator ann"])
def test_no_boot_is_over_before_it_has_begun(kind: type, cause: str) -> None:
    """One word of one member, and another could never come back."""
    state = Alone().node.state
    state.nodes["n2"] = NodeRecord("n2", boot=3)
    evidence = "operator" if cause else "power-verified"
    more = ("reboot", "it is silent") if kind is FencingIntended else (evidence,)
    assert objected(state, kind("q", "n2", 3, *more), 2, cause=cause) == ""
    assert "boot 4" in objected(state, kind("q", "n2", 4, *more), 2, cause=cause)


def test_an_old_election_told_late_unseats_nobody() -> None:
    """Simulator, 2 nodes with witness, seed 820: a DC of term 5 came back in term 6, where its
    DcElected was taken once more; from then on no view of the true DC had any force."""
    state = Alone().node.state
    assert "is term 6" in objected(state, DcElected(5, "n1"), 6)


def test_a_report_that_a_later_one_has_overtaken_has_no_force() -> None:
    """The DC of that one would take its node for one that does not report, and have it fenced."""
    state = Alone().node.state
    state.nodes["n1"] = NodeRecord("n1", boot=1, reported=1, told_of=1, reported_term=7)
    assert objected(state, NodeReported("n1", 1, 6), 7) == "n1 has reported in a later term since"
    assert objected(state, NodeReported("n1", 1, 7), 7) == ""
    assert objected(state, NodeReported("n1", 2, 6), 7) == "", "another boot may report for once"


def test_words_of_office_are_taken_back_and_facts_are_not() -> None:
    facts = Facts("n1", 1, IDENTITY, 100.0)
    facts.state(DcElected(5, "n1"), b"c" * 16, 0.0, 0.0)
    facts.state(Alarm("disk", "full"), b"c" * 16, 0.0, 0.0)
    facts.state(FencingConfirmed("1", "n2", 1, "time-bound"), b"c" * 16, 0.0, 0.0)
    facts.take_back(of_office)
    assert [one.event for one in facts.waiting.values()] == [Alarm("disk", "full")]


def test_what_a_dc_has_taken_back_has_no_force_in_its_next_office() -> None:
    """A traitor had it in its log, where it was displaced, and brings it when that DC is in office
    again, and has lost that node again: its time is not over yet."""
    alone = Alone()
    state = alone.node.state
    state.nodes["n2"] = NodeRecord("n2", boot=1, present=False, expected=True)
    of_before = alone.node.facts.last + 1
    alone.node.facts.last += 10
    taken = Statement("n1", 1, alone.node.facts.last, 0.0, "", VOCABULARY.pack(DcElected(2, "n1")))
    apply(state, Entry(2, state.position.index + 1, b"", Signed(b"", b"")), *opened(taken))
    for event in (FencingConfirmed("1", "n2", 1, "time-bound"), ViewAgreed((("n1", 1),))):
        assert "earlier office" in objected(state, event, 2, number=of_before)
        assert objected(state, event, 2) == ""


def test_an_attribute_is_set_by_its_own_node_or_by_a_person() -> None:
    state = Alone().node.state
    other = AttributeSet("n9", "master-db", "1000")
    assert "without an operator" in objected(state, other, 2)
    assert objected(state, other, 2, cause="operator ann") == ""
    assert objected(state, AttributeSet("n1", "master-db", "5"), 2) == ""
    assert "without an operator" in objected(state, AttributeSet("n9", "#node-unfenced", "5"), 2)
    state.members["n2"] = state.members["n1"]
    assert objected(state, AttributeSet("n2", "#node-unfenced", "5"), 2) == ""


def test_time_proves_nothing_of_a_node_that_was_seen_again() -> None:
    """Simulator, 3 nodes without fencing, seed 110: a former DC's evidence came late, and a node
    that had long been back was declared over while it ran things."""
    state = Alone().node.state
    state.nodes["n2"] = NodeRecord("n2", boot=1, present=False, expected=True)
    timed = FencingConfirmed("1", "n2", 1, "time-bound")
    assert objected(state, timed, 2) == ""
    state.dc = "n3"
    assert "is not the DC" in objected(state, timed, 2)
    state.dc = "n1"
    state.nodes["n2"].present = True
    assert "seen again" in objected(state, timed, 2)


def test_what_was_done_to_a_former_machine_of_that_name_proves_nothing_of_the_new_one() -> None:
    """Simulator, 3 nodes, seed 101326: a crm that was started again told of an old fencing, whose
    target had been removed since, and joined anew: it, too, was in boot 1, and ran things."""
    state = Alone().node.state
    state.nodes["n2"] = NodeRecord("n2", boot=1, present=True, expected=True, enrolled_at=200)
    fenced = FencingConfirmed("1", "n2", 1, "power-verified", "strip", "n3", after=199)
    assert "another n2" in objected(state, fenced, 2)
    assert objected(state, replace(fenced, after=200), 2) == ""


def test_what_has_no_force_takes_its_place_and_changes_nothing() -> None:
    """A DC that lets it pass, or makes it up, convinces nobody else."""
    follower = Follower()
    follower.state_as_dc(NodeReported("n3", 1, TERM))
    follower.append()
    assert follower.node.state.position == follower.log.last
    assert follower.node.state.nodes["n3"].reported == 0


def test_what_came_too_late_has_no_force_when_it_is_brought_again() -> None:
    """Simulator, 2w without fencing, dense, seed 52011: a DC's word that a node's time was over
    was in the log after that node had come back; the same word, brought again when it was lost
    anew, would have been believed."""
    alone = Alone()
    node, state = alone.node, alone.node.state
    state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1, expected=True)
    node.state_fact(FencingConfirmed("q", "n2", 1, "time-bound", by="n1"))
    entry = node.seat.log.after(node.seat.log.last.index - 1, 1)[0]
    statement, event = entry.signed.open()
    assert isinstance(event, FencingConfirmed)
    state.nodes["n2"].present = True
    alone.wait(1.0)
    assert statement.id not in node.facts.waiting
    state.nodes["n2"].present = False
    no = objection(state, entry.signed, statement, event, verify, node.seat.term)
    assert "stands in the log already" in no

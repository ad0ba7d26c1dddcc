"""Whose word has force, and in which term."""

from __future__ import annotations

from random import Random

from hanode.events import (
    STATEMENTS,
    VOCABULARY,
    Alarm,
    AttributeSet,
    DcElected,
    Event,
    FencingConfirmed,
    HistoryCleared,
    MemberRemoved,
    NodeReported,
    OrderGiven,
    Signed,
    Statement,
)
from hanode.identity import verify
from hanode.node.facts import Facts
from hanode.state import ClusterState
from hanode.state.lawful import objection, of_office
from hanode.state.records import NodeRecord

from .alone import IDENTITY, Alone


def objected(
    state: ClusterState, event: Event, term: int, actor: str = "n1", cause: str = ""
) -> str:
    statement = Statement(actor, 1, 1, 0.0, cause, VOCABULARY.pack(event))
    payload = STATEMENTS.pack(statement)
    signed = Signed(payload, IDENTITY.sign("event", state.cluster, payload))
    return objection(state, signed, statement, event, verify, term)


def test_an_office_is_taken_in_the_term_that_elected_for_it() -> None:
    state = Alone().node.state
    assert objected(state, DcElected(7, "n1"), 7) == ""


def test_an_old_election_told_late_unseats_nobody() -> None:
    """Simulator, 2 nodes with witness, seed 820: a DC of term 5 came back in term 6, where its
    DcElected was taken once more; from then on no view of the true DC had any force."""
    state = Alone().node.state
    assert "is term 6" in objected(state, DcElected(5, "n1"), 6)


def test_words_of_office_are_taken_back_and_facts_are_not() -> None:
    facts = Facts("n1", 1, IDENTITY, Random(1))
    facts.state(DcElected(5, "n1"), b"c" * 16, 0.0, 0.0)
    facts.state(Alarm("disk", "full"), b"c" * 16, 0.0, 0.0)
    facts.state(FencingConfirmed("1", "n2", 1, "time-bound"), b"c" * 16, 0.0, 0.0)
    facts.take_back(of_office)
    assert [one.event for one in facts.waiting.values()] == [Alarm("disk", "full")]


def test_an_order_of_several_is_no_cover_for_facts() -> None:
    state = Alone().node.state
    fact, clear = NodeReported("n2", 1, 1), HistoryCleared("web")
    assert objected(state, OrderGiven((VOCABULARY.pack(clear),)), 1) == ""
    assert objected(state, OrderGiven((VOCABULARY.pack(fact),)), 1) == "no order: NodeReported"
    assert "can't be read" in objected(state, OrderGiven((b"x",)), 1)


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


def test_who_may_run_something_is_neither_removed_nor_declared_dead() -> None:
    """Simulator, 3 nodes, seed 249: an order to remove a node came late, and that node was the DC.
    Which node may go is known when the order is given; by its turn in the log that may be over."""
    state = Alone().node.state
    removed, dead = MemberRemoved("n2"), FencingConfirmed("1", "n2", 1, "operator")
    state.nodes["n2"] = NodeRecord("n2", boot=1, present=True, expected=True)
    assert "takes part" in objected(state, removed, 2)
    assert "heard at this moment" in objected(state, dead, 2)
    assert "heard at this" in objected(state, OrderGiven((VOCABULARY.pack(dead),)), 2)
    state.nodes["n2"].present = False
    assert "may still run something" in objected(state, removed, 2)
    assert objected(state, dead, 2) == ""
    state.nodes["n2"].expected = False
    assert objected(state, removed, 2) == ""

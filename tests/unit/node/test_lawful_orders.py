"""What a person may order, and what of it has no force by its turn in the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hanode.attributes import PER_NODE, TICKETS, VALUE_LIMIT
from hanode.events import (
    VOCABULARY,
    AttributeSet,
    CibChanged,
    Event,
    FencingConfirmed,
    HistoryCleared,
    MemberAdded,
    MemberRemoved,
    NodeLeaving,
    NodeReported,
    Operator,
    OperatorAdded,
    OperatorRemoved,
    OrderGiven,
    TicketSet,
    UnfencingOrdered,
)
from hanode.messaging.wire import MEMBERS_LIMIT
from hanode.state.fitness import OPERATORS_MAX
from hanode.state.records import Intent, NodeRecord, TicketRecord

from .alone import IDENTITY, Alone
from .objections import NEWCOMER, objected, ordered


def test_an_order_of_several_is_no_cover_for_facts() -> None:
    state = Alone().node.state
    fact, clear = NodeReported("n2", 1, 1), HistoryCleared("web")
    assert ordered(state, OrderGiven((VOCABULARY.pack(clear),))) == ""
    assert ordered(state, OrderGiven((VOCABULARY.pack(fact),))) == "no order: NodeReported"
    assert "can't be read" in ordered(state, OrderGiven((b"x",)))
    nested = OrderGiven((VOCABULARY.pack(OrderGiven((VOCABULARY.pack(clear),))),))
    assert ordered(state, nested) == "no order: OrderGiven"
    proof = FencingConfirmed("1", "n2", 1, "power-verified")
    assert "no evidence" in ordered(state, OrderGiven((VOCABULARY.pack(proof),)))


def test_who_may_run_something_is_neither_removed_nor_declared_dead() -> None:
    """Simulator, 3 nodes, seed 249: an order to remove a node came late, and that node was the DC.
    Which node may go is known when the order is given; by its turn in the log that may be over."""
    state = Alone().node.state
    removed, dead = MemberRemoved("n2"), FencingConfirmed("1", "n2", 1, "operator")
    state.nodes["n2"] = NodeRecord("n2", boot=1, present=True, expected=True)
    assert "takes part" in ordered(state, removed)
    assert "heard at this moment" in ordered(state, dead)
    assert "heard at this" in ordered(state, OrderGiven((VOCABULARY.pack(dead),)))
    state.nodes["n2"].present = False
    assert "may still run something" in ordered(state, removed)
    assert ordered(state, dead) == ""
    state.nodes["n2"].expected = False
    assert ordered(state, removed) == ""


def test_who_is_to_be_fenced_is_not_let_in() -> None:
    state = Alone().node.state
    state.intents["1"] = Intent("1", "n2", 1, "off", "lost", "", 0.0, 5)
    assert "that comes first" in ordered(state, UnfencingOrdered("n2", 1))
    assert ordered(state, UnfencingOrdered("n3", 1)) == ""


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": "n1"}, "a member already"),
        ({"name": "../n2"}, "no name for a node"),
        ({"name": ".."}, "no name for a node"),
        ({"name": ""}, "no name for a node"),
        ({"number": 2**40}, "have been given"),
        ({"number": 1}, "was given to another"),
        ({"role": "king"}, "neither data nor witness"),
        ({"public": b""}, "not 32 bytes"),
        ({"public": IDENTITY.public}, "those of n1"),
        ({"host_key": b"x" * 32}, "does not vouch"),
    ],
)
def test_no_replica_takes_in_who_can_be_no_member(wrong: dict[str, Any], why: str) -> None:
    state = Alone().node.state
    assert ordered(state, MemberAdded(NEWCOMER)) == ""
    assert why in ordered(state, MemberAdded(replace(NEWCOMER, **wrong)))


def test_no_more_members_are_taken_in_than_are_heard() -> None:
    state = Alone().node.state
    state.members |= {f"m{n}": state.members["n1"] for n in range(MEMBERS_LIMIT - 2)}
    assert ordered(state, MemberAdded(NEWCOMER)) == ""
    state.members["last"] = state.members["n1"]
    assert "more are not heard" in ordered(state, MemberAdded(NEWCOMER))


LONG = "x" * (VALUE_LIMIT + 1)


@pytest.mark.parametrize(
    "event",
    [
        AttributeSet("n1", "a", LONG),
        AttributeSet("n1", "", "1"),
        AttributeSet("n1", "a\x00", "1"),
        TicketSet("\x00", True),
        TicketSet(LONG, True),
        NodeReported("n1", 1, 1, (), {"a": LONG}),
        NodeReported("n1", 1, 1, (), {f"a{n}": "1" for n in range(PER_NODE + 1)}),
        OperatorAdded(Operator("", b"k" * 32)),
        OperatorAdded(Operator("eve", b"k")),
    ],
)
def test_no_replica_takes_what_has_no_measure(event: Event) -> None:
    assert ordered(Alone().node.state, event)


def test_of_attributes_and_tickets_there_is_only_so_much() -> None:
    state = Alone().node.state
    assert ordered(state, AttributeSet("n1", "one-more", "1")) == ""
    assert ordered(state, TicketSet("one-more", True)) == ""
    state.nodes["n1"].attributes = {f"a{n}": "1" for n in range(PER_NODE)}
    state.tickets = {f"t{n}": TicketRecord(f"t{n}") for n in range(TICKETS)}
    assert "attributes already" in ordered(state, AttributeSet("n1", "one-more", "1"))
    assert "tickets already" in ordered(state, TicketSet("one-more", True))
    assert ordered(state, AttributeSet("n1", "a7", "2")) == ""
    assert ordered(state, AttributeSet("n1", "gone", None)) == ""
    assert ordered(state, TicketSet("t7", False)) == ""


def test_of_operators_there_is_only_so_much() -> None:
    state = Alone().node.state
    eve, ann = (OperatorAdded(Operator(name, b"k" * 32)) for name in ("eve", "ann"))
    assert ordered(state, eve) == ""
    state.operators |= {f"o{n}": state.operators["ann"] for n in range(OPERATORS_MAX - 1)}
    assert "operators already" in ordered(state, eve)
    assert ordered(state, ann) == "", "a new key for one of them"


@pytest.mark.parametrize(
    "event",
    [
        CibChanged("0.1.0", ()),
        MemberAdded(NEWCOMER),
        MemberRemoved("n9"),
        OperatorAdded(Operator("eve", b"k" * 32)),
        OperatorRemoved("ann"),
        NodeLeaving("n1", 1),
        TicketSet("t", True),
        FencingConfirmed("1", "n2", 1, "operator"),
        UnfencingOrdered("n2", 1),
        OrderGiven((VOCABULARY.pack(HistoryCleared("web")),)),
    ],
)
def test_an_order_names_who_gave_it(event: Event) -> None:
    state = Alone().node.state
    assert ordered(state, event) == ""
    assert "without an operator" in objected(state, event, 1)

"""A walk under way: whose answers count, and who is given an order once more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.effects import Send
from hanode.events import Event, HistoryCleared, OperationFinished, Statement
from hanode.node.walking import Walking
from hanode.peer_messages import Order
from hanode.state.records import NodeRecord
from hanode.te import Walk
from hanode.transition import Action, Agent, Transition

from .alone import Alone

DUMMY = Agent("ocf", "hanode", "Dummy")
START = Action(1, "rsc", "web_start_0", "start", "n2", "web", agent=DUMMY)
LOOK = Action(2, "rsc", "db_monitor_0", "monitor", "n2", "db", agent=DUMMY)
ELSEWHERE = Action(3, "rsc", "ip_stop_0", "stop", "n3", "ip", agent=DUMMY)
FORGET = Action(4, "cleanup", "web_delete_0", "delete", "n2", "web")


@pytest.fixture
def alone() -> Alone:
    """The DC; its walk 4 has given these orders, and no answer has come."""
    alone = Alone()
    for name in ("n2", "n3"):
        alone.node.state.nodes[name] = NodeRecord(name, boot=1, present=True, reported=1)
    walk = Walk(4, 1, Transition((START, LOOK, ELSEWHERE, FORGET)))
    walk.begin(alone.now)
    walking(alone).walk = walk
    return alone


def walking(alone: Alone) -> Walking:
    return alone.node.coordination.walking


def given_again(alone: Alone) -> list[str]:
    """What n2 is told when there is a new stream to it."""
    alone.node.out.clear()
    walking(alone).stream_opened("n2")
    sent = [effect.message for effect in alone.node.out if isinstance(effect, Send)]
    return [message.resource for message in sent if isinstance(message, Order)]


def answered(alone: Alone, order: str) -> Walk:
    """What has become of the walk once this stands in the log."""
    done = OperationFinished("n2", "web", str(DUMMY), "start", 0, 0, "done", order=order)
    walk = walking(alone).walk
    assert walk is not None
    walking(alone).noticed(Statement("n2", 1, 9, 0.0, "", b""), done)
    return walk


def test_who_may_have_missed_its_orders_is_told_again(alone: Alone) -> None:
    assert given_again(alone) == ["web", "db"]


def test_in_maintenance_only_what_looks_is_told_again(alone: Alone) -> None:
    """By now a person may be at it."""
    alone.node.state.options = {"maintenance-mode": "true"}
    assert given_again(alone) == ["db"]


def test_the_answer_to_its_order_counts(alone: Alone) -> None:
    walk = answered(alone, f"{alone.node.seat.term}.4.1")
    assert (walk.done, walk.given_up) == (1, "")


@pytest.mark.parametrize(("terms_ago", "number"), [(1, 4), (0, 3)])
def test_one_to_an_earlier_dcs_order_or_walks_is_news(
    alone: Alone, terms_ago: int, number: int
) -> None:
    walk = answered(alone, f"{alone.node.seat.term - terms_ago}.{number}.1")
    assert walk.done == 0
    assert walk.given_up


def test_a_probe_that_finds_what_it_finds_is_an_answer(alone: Alone) -> None:
    """It ends the walk, for all is other than was thought, but it is no failure."""
    walk = walking(alone).walk
    assert walk is not None
    found = OperationFinished("n2", "db", str(DUMMY), "monitor", 0, 0, "done", expected_rc=7)
    found = replace(found, order=f"{alone.node.seat.term}.4.2")
    walking(alone).noticed(Statement("n2", 1, 9, 0.0, "", b""), found)
    assert walk.done == 1
    assert walk.given_up == "db was found on n2"


@pytest.mark.parametrize("ident", [1, 3])
def test_nobody_answers_for_whom_it_was_not_told(alone: Alone, ident: int) -> None:
    """A member in wrong hands said that n2's service was stopped: it was started elsewhere."""
    term = alone.node.seat.term
    done = OperationFinished(
        "n3", "web", str(DUMMY), "stop", 0, 0, "done", order=f"{term}.4.{ident}"
    )
    assert heard_from(alone, "n3", done) == (ident == 3)


@pytest.mark.parametrize(("actor", "counts"), [("n1", True), ("n3", False)])
def test_nor_clears_a_history_in_the_dcs_place(alone: Alone, actor: str, counts: bool) -> None:
    assert heard_from(alone, actor, HistoryCleared("web", "n2"), ident=4) == counts
    assert not heard_from(alone, actor, HistoryCleared("web", "n2"), ident=1)


def heard_from(alone: Alone, actor: str, event: Event, ident: int = 0) -> bool:
    """Whether that answers one of the walk's orders."""
    walk = walking(alone).walk
    assert walk is not None
    before = walk.done
    cause = f"{alone.node.seat.term}.4.{ident}"
    walking(alone).noticed(Statement(actor, 1, 9, 0.0, cause, b""), event)
    return walk.done > before


@pytest.mark.parametrize("ident", ["²", "9" * 5000, "-1", ""])
def test_what_is_no_order_ends_nobodys_crm(alone: Alone, ident: str) -> None:
    walk = answered(alone, f"{alone.node.seat.term}.4.{ident}")
    assert walk.done == 0

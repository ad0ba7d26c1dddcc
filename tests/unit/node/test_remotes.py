"""What a relay says of orders for its remote node when nobody knows how they ended."""

from __future__ import annotations

import pytest

from hanode.cib import status as cib
from hanode.effects import AskPe, TellRemote
from hanode.events import OperationFinished
from hanode.inputs import LocalSaid, PartDown, PartUp
from hanode.local_messages import Finished, Noted, TakeTerm
from hanode.node.walking import Walking
from hanode.peer_messages import Order
from hanode.state import status_of
from hanode.transition import Action, Agent, Transition
from tests.unit.node.alone import CIB, Alone

AGENT, DUMMY = "ocf:pacemaker:remote", "ocf:hanode:Dummy"
CONNECTION = '<primitive id="far" class="ocf" provider="pacemaker" type="remote"/>'


@pytest.fixture
def relay() -> Alone:
    """The connection to `far` runs here."""
    alone = Alone(CIB.replace("</resources>", f"{CONNECTION}</resources>"))
    alone.node.state_fact(OperationFinished("n1", "far", AGENT, "start", 0, 0, "done", call_id=1))
    alone.tell(PartUp("remote"))
    alone.wait(1.0)
    return alone


def order(relay: Alone, task: str) -> Order:
    made = Order(
        id="1.9.1", term=relay.node.seat.term, node="n1", boot=1, resource="web", agent=DUMMY,
        task=task, timeout_ms=20_000, remote="far",
    )  # fmt: skip
    relay.node.hands.order(made)
    relay.wait(0.5)
    return made


def facts(relay: Alone) -> list[OperationFinished]:
    """Of the remote node, as the log has them."""
    opened = [
        entry.signed.open() for entry in relay.node.seat.log.after(0, relay.node.seat.log.durable)
    ]
    events = [event for _, event in opened]
    return [e for e in events if isinstance(e, OperationFinished) and e.node == "far"]


def pending(number: int, task: str) -> Finished:
    fact = OperationFinished("far", "web", DUMMY, task, 0, 1, "pending", call_id=number)
    return Finished(number, fact)


def test_an_order_that_was_never_passed_on_is_refused(relay: Alone) -> None:
    relay.tell(PartDown("remote"))
    order(relay, "start")
    assert [(f.task, f.status) for f in facts(relay)] == [("start", "refused")]


def test_of_one_that_was_passed_on_nobody_knows_the_end(relay: Alone) -> None:
    given = order(relay, "stop")
    relay.tell(PartDown("remote"))
    relay.wait(0.5)
    assert [(f.order, f.status) for f in facts(relay)] == [(given.id, "error")]


def test_a_start_under_way_is_in_the_status_before_it_begins_and_stays_there(relay: Alone) -> None:
    order(relay, "start")
    relay.said.clear()
    relay.tell(LocalSaid(pending(7, "start"), "remote"))
    relay.wait(0.5)
    assert TellRemote(Noted(7, "far")) in relay.said
    relay.tell(PartDown("remote"))
    relay.wait(0.5)
    (far,) = [node for node in status_of(relay.node.state).nodes if node.uname == "far"]
    ((operation,),) = [h.operations for h in far.history if h.id == "web"]
    assert (operation.task, operation.status) == ("start", cib.PENDING)


def test_two_of_one_number_are_two(relay: Alone) -> None:
    """Each remote node's LRM counts for itself: of two facts of one number one was lost, and its
    node was fenced for its silence."""
    near = OperationFinished("n1", "near", AGENT, "start", 0, 0, "done", call_id=2)
    relay.node.state_fact(near)
    relay.wait(0.5)
    relay.said.clear()
    other = OperationFinished("near", "db", DUMMY, "start", 0, 0, "done", call_id=7)
    far = pending(7, "start")
    relay.node.step(LocalSaid(far, "remote"), relay.now)
    relay.node.step(LocalSaid(Finished(7, other), "remote"), relay.now)
    waiting = [one.event for one in relay.node.facts.waiting.values()]
    assert waiting == [far.fact, other]


def walk(relay: Alone) -> Walking:
    """The start on the remote node is all that is to be done, and it was ordered."""
    walking = relay.node.coordination.walking
    agent = Agent("ocf", "hanode", "Dummy")
    start = Action(
        1, "rsc", "web_start_0", "start", "far", "web", timeout_ms=1000, agent=agent, router="n1"
    )
    walking.start(relay.node.state.basis, Transition((start,)))
    relay.wait(0.5)
    assert [m.message.task for m in relay.all(TellRemote) if isinstance(m.message, Order)]
    return walking


def test_that_it_begins_is_no_news_that_ends_the_walk(relay: Alone) -> None:
    walking = walk(relay)
    relay.tell(LocalSaid(pending(7, "start"), "remote"))
    relay.wait(0.5)
    assert walking.walk is not None
    assert walking.walk.given_up == ""


def test_who_never_answers_is_fenced_and_not_who_relays_to_it(relay: Alone) -> None:
    walk(relay)
    relay.tell(LocalSaid(pending(7, "start"), "remote"))
    relay.wait(20.0)
    assert {intent.target for intent in relay.node.state.intents.values()} == {"far"}


def test_it_is_told_of_its_term(relay: Alone) -> None:
    assert TellRemote(TakeTerm(relay.node.seat.term, 1)) in relay.said
    assert relay.all(AskPe)

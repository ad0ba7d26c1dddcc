"""A crm that was asleep, while its heartbeat process kept the node in the view."""

from __future__ import annotations

from hanode.events import FencingFailed, OperationFinished
from hanode.inputs import PeerSaid
from hanode.peer_messages import FenceOrder, Order
from tests.unit.node.follower import NAMES, TERM, Follower
from tests.unit.node.test_replaced import member

START = Order(f"{TERM}.1.1", TERM, "n2", 1, "web", "ocf:hanode:Dummy", "start")
STRIKE = FenceOrder(f"{TERM}.fence.q.0", TERM, "n2", 1, "q", "n3", 1, "reboot", ())


def after(seconds: float) -> Follower:
    follower = member()
    follower.hear(NAMES)
    follower.now += seconds
    return follower


def stated(follower: Follower) -> list[object]:
    return [waiting.event for waiting in follower.node.facts.waiting.values()]


def test_who_was_awake_does_as_ordered() -> None:
    follower = after(1.0)
    follower.tell(PeerSaid("n1", START))
    assert [order.id for order in follower.to_lrm(Order)] == [START.id]


def test_what_a_sleeper_finds_is_of_long_ago() -> None:
    """Fencing disabled: its boot may have been declared over, and the resource run elsewhere."""
    follower = after(9.0)
    follower.tell(PeerSaid("n1", START))
    assert not follower.to_lrm(Order)
    (answer,) = stated(follower)
    assert isinstance(answer, OperationFinished)
    assert (answer.status, answer.order) == ("refused", START.id)


def test_so_is_a_fencing_of_who_may_be_back() -> None:
    follower = after(9.0)
    follower.tell(PeerSaid("n1", STRIKE))
    assert not follower.to_lrm(FenceOrder)
    assert [type(event) for event in stated(follower)] == [FencingFailed]


def test_once_the_dc_has_heard_of_it_its_orders_are_new_ones() -> None:
    follower = after(9.0)
    follower.tell(PeerSaid("n1", START))
    follower.append()
    follower.tell(PeerSaid("n1", START))
    assert not follower.to_lrm(Order), "what came from it meanwhile may be of then, too"
    for signed in follower.proposals()[-2:]:
        follower.take(signed)
    follower.append()
    follower.tell(PeerSaid("n1", START))
    assert [order.id for order in follower.to_lrm(Order)] == [START.id]

"""What a crm passes on between the DC and its own LRM: orders down, facts up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hanode.events import (
    FencingConfirmed,
    HistoryCleared,
    MemberRemoved,
    NodeLeft,
    NodeReported,
    OperationFinished,
    ViewAgreed,
)
from hanode.inputs import LocalSaid, PeerSaid, Wake
from hanode.local_messages import AloneRule, Finished, Forget, Refused, TermTaken
from hanode.peer_messages import FenceOrder, Order, Proposed
from tests.unit.node.alone import CIB
from tests.unit.node.follower import NAMES, TERM, Follower
from tests.unit.node.test_asleep import START, STRIKE, stated
from tests.unit.node.test_lost_orders import OPTIONS
from tests.unit.node.test_replaced import DONE, member

STARTED = OperationFinished("n2", "web", "ocf:hanode:Dummy", "start", 0, 0, "done", call_id=2)


@pytest.mark.parametrize("wrong", [{"term": 1}, {"term": 3}, {"boot": 2}, {"node": "n3"}])
def test_what_is_not_for_this_node_in_this_boot_and_term_stays_here(wrong: dict[str, Any]) -> None:
    follower = member()
    for order in (START, STRIKE):
        follower.tell(PeerSaid("n1", replace(order, **wrong)))
    assert not follower.to_lrm(Order)
    assert not follower.to_lrm(FenceOrder)


def test_to_shut_down_is_no_order_for_an_agent() -> None:
    follower = member()
    follower.tell(PeerSaid("n1", replace(START, task="shutdown", resource="", agent="")))
    assert stated(follower) == [NodeLeft("n2", 1)]
    assert not follower.to_lrm(Order)


def test_a_fact_that_the_lrm_tells_again_is_stated_once() -> None:
    follower = member()
    follower.tell(LocalSaid(Finished(1, DONE)))
    follower.tell(LocalSaid(Finished(1, DONE)))
    assert stated(follower) == [DONE]


@pytest.mark.parametrize(("peer", "left"), [("n1", []), ("n3", [DONE])])
def test_only_the_dc_declines_a_fact(peer: str, left: list[object]) -> None:
    """Who is told nothing is fenced for its silence: any member could see to that."""
    follower = member()
    follower.tell(LocalSaid(Finished(1, DONE)))
    ident = str(next(iter(follower.node.facts.waiting)))
    for named in ("", ident):
        assert stated(follower) == [DONE]
        follower.tell(PeerSaid(peer, Proposed(named, "why not")))
    assert stated(follower) == left


def test_an_lrm_forgets_what_the_log_forgets_of_its_own_node() -> None:
    follower = member()
    follower.tell(LocalSaid(Finished(1, STARTED)))
    follower.take(follower.proposals()[-1])
    follower.state_as_dc(HistoryCleared("web", "n1"))
    follower.state_as_dc(HistoryCleared("web", "n2", failures_only=True))
    follower.append()
    assert not follower.to_lrm(Forget)
    follower.state_as_dc(HistoryCleared("web", "n2"))
    follower.append()
    assert follower.to_lrm(Forget) == [Forget("web", 2)]


def options(maintenance: str) -> str:
    said = f'<nvpair id="o-1" name="maintenance-mode" value="{maintenance}"/>'
    return f'<crm_config><cluster_property_set id="o">{said}</cluster_property_set></crm_config>'


@pytest.mark.parametrize(("maintenance", "stops"), [("false", True), ("true", False)])
def test_who_was_removed_stops_what_an_earlier_boot_left_running(
    maintenance: str, stops: bool
) -> None:
    """Simulator, 3 nodes, seed 121144: cut off, removed and started again, it ran g1 for ever."""
    follower = Follower(CIB.replace("<crm_config/>", options(maintenance)))
    assert AloneRule(True) not in follower.to_lrm(AloneRule)
    follower.state_as_dc(ViewAgreed((("n1", 1), ("n3", 1))))
    follower.state_as_dc(FencingConfirmed("", "n2", 1, "operator"), "operator root")
    follower.state_as_dc(MemberRemoved("n2"), "operator root")
    follower.append()
    follower.now += 1.0
    follower.tell(Wake())
    assert (AloneRule(True) in follower.to_lrm(AloneRule)) is stops


def without_fencing() -> Follower:
    """What its LRM was told to start, when a DC's term was nearly over."""
    follower = Follower(CIB.replace("<crm_config/>", OPTIONS))
    for signed in follower.proposals():
        follower.take(signed)
    follower.append()
    follower.tell(PeerSaid("n1", START))
    follower.lrm_hangs = True
    follower.succeed()
    return follower


def wait(follower: Follower, seconds: int) -> None:
    for _ in range(seconds):
        follower.now += 1.0
        follower.hear(NAMES)
        follower.tell(Wake())


def doubts(follower: Follower) -> list[str]:
    """What it says to be under way."""
    done = [event for event in stated(follower) if isinstance(event, OperationFinished)]
    return [one.resource for one in done if one.status == "pending"]


def test_without_fencing_the_next_dc_hears_of_what_may_have_been_begun() -> None:
    """Its LRM hangs, and the next DC hears it out for a while only: what it was told to start ran
    elsewhere, and here as well once it woke up."""
    follower = without_fencing()
    wait(follower, 4)
    assert not doubts(follower)
    wait(follower, 3)
    assert doubts(follower) == ["web"]


def test_an_lrm_that_has_reported_since_leaves_none() -> None:
    follower = without_fencing()
    follower.tell(LocalSaid(TermTaken(TERM + 1, 1, ())))
    wait(follower, 7)
    assert not doubts(follower)


def reports(follower: Follower) -> list[NodeReported]:
    return [event for event in stated(follower) if isinstance(event, NodeReported)]


@pytest.mark.parametrize(("term", "boot"), [(TERM - 1, 1), (TERM + 1, 1), (TERM, 2)])
def test_what_ran_in_another_term_or_boot_is_no_report(term: int, boot: int) -> None:
    """An LRM that was slow: it may have been told more since, and a DC decides by that."""
    follower = member()
    follower.tell(LocalSaid(TermTaken(term, boot, ())))
    assert not reports(follower)
    follower.tell(LocalSaid(TermTaken(TERM, 1, ())))
    assert len(reports(follower)) == 1


@pytest.mark.parametrize(("term", "told"), [(TERM, True), (TERM + 1, False)])
def test_what_its_lrm_refuses_of_an_earlier_term_is_of_no_interest(term: int, told: bool) -> None:
    """The DC of now has not ordered it."""
    follower = member()
    follower.tell(PeerSaid("n1", START))
    if term != TERM:
        follower.lrm_hangs = True
        follower.succeed()
    follower.tell(LocalSaid(Refused(START.id, "it has no lease")))
    refused = [e.order for e in stated(follower) if isinstance(e, OperationFinished)]
    assert refused == [START.id] * told

"""What a crm passes on between the DC and its own LRM: orders down, facts up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hanode.events import HistoryCleared, NodeLeft, OperationFinished
from hanode.inputs import LocalSaid, PeerSaid
from hanode.local_messages import Finished, Forget
from hanode.peer_messages import FenceOrder, Order
from tests.unit.node.test_asleep import START, STRIKE, stated
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

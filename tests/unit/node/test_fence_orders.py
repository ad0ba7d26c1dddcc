"""To whom an order to fence is given again: to its executor, as long as that is the one it was."""

from __future__ import annotations

import pytest

from hanode.effects import Send
from hanode.events import Member
from hanode.node.fence_orders import FenceOrders
from hanode.peer_messages import FenceOrder
from hanode.state.records import NodeRecord

from .alone import Alone

ORDER = FenceOrder("2.fence.q.0", 2, "n3", 1, "q", "n2", 1, "off", ())


@pytest.fixture
def alone() -> Alone:
    """The DC; n3 is to strike n2."""
    alone = Alone()
    for number, name in ((2, "n2"), (3, "n3")):
        alone.node.state.members[name] = Member(name, number, "data", bytes(32))
        alone.node.state.nodes[name] = NodeRecord(name, boot=1, present=True, reported=1)
    return alone


def again(alone: Alone) -> bool:
    """Whether it is given to n3 once more."""
    orders = FenceOrders(alone.node)
    orders.pursue(ORDER)
    alone.node.out.clear()
    given = orders.again("q")
    assert (Send("n3", ORDER) in alone.node.out) is given
    return given


def test_it_is_given_until_it_is_answered(alone: Alone) -> None:
    assert again(alone)


def test_another_boot_of_its_executor_would_refuse_it(alone: Alone) -> None:
    alone.node.state.nodes["n3"] = NodeRecord("n3", boot=2, present=True, reported=2)
    assert not again(alone)


def test_who_is_gone_gets_none(alone: Alone) -> None:
    alone.node.state.nodes["n3"].present = False
    assert not again(alone)

"""A decision's actions, as an LRM is told them."""

from __future__ import annotations

import pytest

from hanode.lrm.calls import LEASED, leased
from hanode.node.orders import order_of
from hanode.peer_messages import Order
from hanode.transition import Action, Agent


def ordered(task: str) -> Order:
    agent = Agent("ocf", "hanode", "Dummy")
    return order_of(Action(1, "rsc", task, task, "n1", "web", agent=agent), "1.1.1", 1, "n1", 1)


@pytest.mark.parametrize("task", LEASED)
def test_what_brings_something_up_somewhere_asks_for_the_lease(task: str) -> None:
    """The source of a live migration, too: cut off, or just woken up, it would bring a service to
    its target that others may have started elsewhere since."""
    assert leased(ordered(task))


@pytest.mark.parametrize("task", ["stop", "demote", "monitor", "notify", "reload-agent"])
def test_nothing_else_does(task: str) -> None:
    assert not leased(ordered(task))

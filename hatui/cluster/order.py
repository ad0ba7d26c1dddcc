"""An order as an operator means it: previewed before it is given, built anew for each state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from hanode.mgmt.proposal import NothingToDo, Proposal
from hanode.mgmt.what_if import what_if
from hanode.state import ClusterState

NAMED = 2
"""Others that a label names; of more it tells how many."""

Build = Callable[[ClusterState], Proposal]
TakeBack = Callable[[ClusterState, ClusterState], Proposal]
"""From the state before the first half, and the one now."""


@dataclass(frozen=True)
class Order:
    """One deed on one object. L1 wants preview and enter, L2 preview and `y`, L3 the name typed."""

    label: str
    object: str
    level: int
    build: Build
    then: TakeBack | None = None
    """The second half, given when the first is done (a restart's start): what was goes on."""
    hypothetical: bool = False
    """A question only: nothing can be given."""
    details: tuple[str, ...] = ()
    """More to read before it is given: the diff of an edited configuration."""


def combined(orders: Sequence[Order]) -> Order:
    """Several orders as one: each is built on the state that the ones before it lead to, and those
    are left out that nothing is to be done for."""
    if len(orders) == 1:
        return orders[0]
    then = [order.then for order in orders if order.then is not None]
    return Order(
        f"{orders[0].label}{_others(orders)}",
        orders[0].object,
        max(order.level for order in orders),
        lambda state: _all(state, [order.build for order in orders]),
        (lambda old, now: _all(now, [partial(one, old) for one in then])) if then else None,
        any(order.hypothetical for order in orders),
    )


def _others(orders: Sequence[Order]) -> str:
    """Behind the label of the first."""
    others = [order.object for order in orders[1:]]
    if len({order.label.replace(order.object, "") for order in orders}) > 1 or len(others) > NAMED:
        return f" and {len(others)} more"
    return f", and {' and '.join(others)} likewise"


def _all(state: ClusterState, builds: Sequence[Build]) -> Proposal:
    made: list[Proposal] = []
    idle: list[NothingToDo] = []
    for build in builds:
        try:
            made.append(build(state))
        except NothingToDo as error:
            idle.append(error)
        else:
            state = what_if(state, made[-1].events)
    if not made:
        raise idle[0]
    return Proposal(
        tuple(event for one in made for event in one.events),
        " ".join(one.sentence for one in made),
        "; ".join(one.command for one in made),
        risky=any(one.risky for one in made),
    )

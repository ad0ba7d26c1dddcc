"""How many fencings of a node are held against the limit by a crm that has started again."""

from __future__ import annotations

from random import Random

import pytest

from hanode.effects import Persist, Saved
from hanode.events import FencingConfirmed, FencingIntended
from hanode.identity import verify
from hanode.inputs import WallClock
from hanode.node import Node
from hanode.settings import FENCING_WINDOW, FENCINGS_PER_WINDOW, Timing
from tests.unit.node.alone import IDENTITY, Alone

HOUR = 3600.0


@pytest.fixture
def alone() -> Alone:
    """It has had its fill of fencings of n9, just now."""
    alone = Alone()
    for number in range(FENCINGS_PER_WINDOW):
        request = f"r{number}"
        alone.node.state_fact(FencingIntended(request, "n9", 1, "reboot", "it is silent"))
        alone.node.state_fact(FencingConfirmed(request, "n9", 1, "power-verified", "power", "n1"))
        alone.wait(1.0)
    alone.wait(3.0)  # until the disk is told that the last is committed
    return alone


def started_again(alone: Alone, wall: float) -> Node:
    """From what its disk was given, when the wall clock says so."""
    log = alone.node.seat.log
    committed = max(write.committed for write in alone.all(Persist))
    saved = Saved(entries=log.after(0, log.durable), committed=committed)
    node = Node("n1", 1, Timing(), IDENTITY, verify, Random(2), saved, alone.now)
    node.step(WallClock(wall), alone.now)
    return node


def test_it_holds_while_it_lives(alone: Alone) -> None:
    assert "fenced 3 times" in alone.node.coordination.shooting.limits.forbidden("n9")


def test_those_of_a_moment_ago_count(alone: Alone) -> None:
    again = started_again(alone, alone.node.clock() + 10)
    assert "fenced 3 times" in again.coordination.shooting.limits.forbidden("n9")


def test_those_of_long_ago_do_not(alone: Alone) -> None:
    later = alone.node.clock() + FENCING_WINDOW + 1
    alone.tell(WallClock(later))
    alone.node.state_fact(FencingIntended("r", "n8", 1, "off", "somebody speaks an hour later"))
    alone.wait(3.0)
    assert not started_again(alone, later + 1).coordination.shooting.limits.forbidden("n9")


def test_a_clock_that_was_set_forward_makes_nothing_old(alone: Alone) -> None:
    was = alone.node.clock()
    alone.tell(WallClock(was + HOUR))
    alone.node.state_fact(FencingIntended("r", "n8", 1, "off", "whose clock was set speaks last"))
    alone.wait(3.0)
    again = started_again(alone, was + 10)
    assert "fenced 3 times" in again.coordination.shooting.limits.forbidden("n9")


@pytest.mark.parametrize(("said", "holds"), [("²", True), ("many", True), ("9" * 5000, False)])
def test_a_limit_that_is_no_number_ends_nobodys_crm(alone: Alone, said: str, holds: bool) -> None:
    alone.node.state.options["hanode-fencing-limit"] = said
    assert bool(alone.node.coordination.shooting.limits.forbidden("n9")) is holds

"""Evidence that comes late speaks of a past boot: no walk takes it for the fencing that it waits
for."""

from __future__ import annotations

import pytest

from hanode.events import FencingConfirmed, Member
from hanode.node.walking import Walking
from hanode.state.records import NodeRecord
from hanode.transition import Action, Transition

from .alone import Alone


@pytest.fixture
def alone() -> Alone:
    """The DC; n2, which is in its second boot, is lost."""
    alone = Alone()
    alone.node.state.members["n2"] = Member("n2", 2, "data", bytes(32))
    alone.node.state.nodes["n2"] = NodeRecord("n2", boot=2, reported=2, expected=True)
    return alone


def walk(alone: Alone, operation: str = "reboot") -> Walking:
    walking = alone.node.coordination.walking
    fence = Action(1, "fence", "stonith-n2", operation, "n2", timeout_ms=60_000)
    walking.start(alone.node.state.basis, Transition((fence,)))
    alone.wait(0.5)
    assert walking.walk is not None
    return walking


def proved(alone: Alone, boot: int, request: str = "old") -> None:
    proof = FencingConfirmed(request, "n2", boot, "power-verified", "power", "n1")
    alone.node.state_fact(proof)
    alone.wait(0.5)


def test_of_an_earlier_boot_it_ends_no_wait_for_this_one(alone: Alone) -> None:
    """Who had struck was cut off, and brought its proof when the next boot was lost, too: what ran
    there was started elsewhere."""
    walking = walk(alone)
    proved(alone, 1)
    assert walking.walk is not None
    assert walking.walk.done == 0
    proved(alone, 2)
    assert walking.walk is None


def test_a_cutting_off_is_no_letting_in(alone: Alone) -> None:
    """What is to be used there once it is let in would have been started."""
    walking = walk(alone, "on")
    done: list[int | None] = []
    assert walking.walk is not None
    walking.walk.finish = lambda ident, *, ok, why="": done.append(ident)  # type: ignore[method-assign]
    proved(alone, 2)
    assert not done

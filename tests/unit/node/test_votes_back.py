"""Two nodes: when the vote of who was fenced counts again."""

from __future__ import annotations

from typing import Any

import pytest

from hanode.events import VoteRestored
from hanode.inputs import LocalSaid
from hanode.local_messages import Heard, View
from hanode.state.records import NodeRecord
from tests.unit.node.alone import Alone, led


def returned(**known: Any) -> Alone:
    """A DC that went on alone; the other is back, has reported, and has all that is committed."""
    alone = led()
    node = alone.node
    node.state.withheld = ("n2",)
    node.roll.changed()
    assert node.seat.withheld == ("n2",)
    back = {"boot": 2, "reported": 2, "fenced": 1, "present": True, "told_of": 2}
    term = {"reported_term": node.seat.term}
    node.state.nodes["n2"] = NodeRecord("n2", **{**back, **term, **known})
    node.seat.progress["n2"].match = node.seat.commit
    return alone


def restored(alone: Alone, heard: bool = True) -> bool:
    """Whether its vote is to count again."""
    here = (("n1", 1), ("n2", 2)) if heard else (("n1", 1),)
    alone.node.step(LocalSaid(Heard(View(4, here, True), (), alone.now + 99.0)), alone.now)
    stated = [waiting.event for waiting in alone.node.facts.waiting.values()]
    return any(isinstance(event, VoteRestored) for event in stated)


def test_who_is_back_and_has_everything_votes_again() -> None:
    alone = returned()
    assert restored(alone)
    assert not alone.node.seat.withheld
    assert restored(alone)
    stated = [waiting.event for waiting in alone.node.facts.waiting.values()]
    assert stated.count(VoteRestored("n2", 2)) == 1


@pytest.mark.parametrize(
    "lacks",
    [{"reported": 0}, {"reported_term": 0}, {"fenced": 2}, {"present": False}],
    ids=["its report", "its report to this DC", "a boot that lives", "its place in the view"],
)
def test_who_lacks_anything_does_not(lacks: dict[str, Any]) -> None:
    alone = returned(**lacks)
    assert not restored(alone)
    assert alone.node.seat.withheld == ("n2",)


def test_nor_who_lacks_what_is_committed() -> None:
    """It would be the majority without which that was acknowledged."""
    alone = returned()
    alone.node.seat.progress["n2"].match -= 1
    assert not restored(alone)


def test_nor_who_is_not_heard() -> None:
    assert not restored(returned(), heard=False)

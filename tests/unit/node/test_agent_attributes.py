"""What agents set on a node, on its way into the log."""

from __future__ import annotations

import pytest

from hanode.effects import TellLrm
from hanode.events import NodeReported
from hanode.inputs import LocalSaid
from hanode.local_messages import AttributeGone, AttributeWanted
from tests.unit.node.alone import Alone


@pytest.fixture
def alone() -> Alone:
    return Alone()


def say(alone: Alone, *values: str | None) -> None:
    """One after the other, before the disk has any of them."""
    told = [LocalSaid(AttributeWanted("master-db", value)) for value in values]
    effects = [alone.node.step(one, alone.now) for one in told]
    alone.carry_out([effect for some in effects for effect in some])
    alone.wait(3.0)


def score(alone: Alone) -> str | None:
    return alone.node.state.nodes["n1"].attributes.get("master-db")


def gone(alone: Alone) -> list[AttributeGone]:
    told = [effect.message for effect in alone.all(TellLrm)]
    return [message for message in told if isinstance(message, AttributeGone)]


def test_the_last_word_counts_however_fast_they_come(alone: Alone) -> None:
    say(alone, "1000", None)
    assert score(alone) is None
    say(alone, "1000", "5", "1000")
    assert score(alone) == "1000"


def test_the_lrm_hears_that_it_is_gone(alone: Alone) -> None:
    say(alone, "1000")
    assert not gone(alone)
    say(alone, None)
    assert gone(alone) == [AttributeGone("master-db")]


def test_the_lrm_hears_it_even_of_one_that_nobody_knew(alone: Alone) -> None:
    say(alone, None)
    assert gone(alone) == [AttributeGone("master-db")]


def test_a_report_takes_away_what_the_log_kept(alone: Alone) -> None:
    say(alone, "1000")
    term = alone.node.seat.term
    alone.node.state_fact(NodeReported("n1", 1, term, gone=("master-db",)))
    alone.wait(3.0)
    assert score(alone) is None
    assert gone(alone) == [AttributeGone("master-db")]

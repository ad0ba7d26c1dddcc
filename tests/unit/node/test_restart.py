"""A node that starts again, and hears nobody yet."""

from __future__ import annotations

from random import Random

import pytest

from hanode.effects import Persist, Saved
from hanode.events import VOCABULARY, CibChanged, Edit
from hanode.identity import verify
from hanode.mgmt.protocol import Command
from hanode.node import Node
from hanode.settings import Timing
from tests.unit.node.alone import IDENTITY, Alone


@pytest.fixture
def alone() -> Alone:
    return Alone()


def started_again(alone: Alone) -> Node:
    """From what its disk was given."""
    log = alone.node.seat.log
    committed = max(write.committed for write in alone.all(Persist))
    saved = Saved(entries=log.after(0, log.durable), committed=committed)
    return Node("n1", 2, Timing(), IDENTITY, verify, Random(2), saved, alone.now)


def test_it_shows_what_was_of_late_and_not_what_was_at_first(alone: Alone) -> None:
    edit = Edit("set", "web", name="description", value="shop front")
    alone.ask(Command(7, VOCABULARY.pack(CibChanged(alone.node.state.version, (edit,)))))
    alone.wait(3.0)
    again = started_again(alone)
    assert again.state.position == alone.node.state.position
    assert b"shop front" in again.state.cib.encode()


def test_a_disk_that_is_told_nothing_more_is_told_how_far_the_log_is_committed_once(
    alone: Alone,
) -> None:
    alone.wait(3.0)
    alone.said.clear()
    alone.wait(30.0)
    assert not alone.all(Persist)

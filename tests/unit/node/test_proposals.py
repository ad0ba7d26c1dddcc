"""How facts come into a DC's log: each once, and members one at a time."""

from __future__ import annotations

import pytest

from hanode.effects import Send
from hanode.events import MemberAdded
from hanode.inputs import Asked
from hanode.mgmt.protocol import Denied, Done, command
from hanode.peer_messages import Propose

from .alone import Alone
from .objections import NEWCOMER

JOINS = command(1, MemberAdded(NEWCOMER), why="hanode join")


@pytest.fixture
def alone() -> Alone:
    return Alone()


def test_what_stands_in_the_log_and_is_brought_again_is_not_declined(alone: Alone) -> None:
    """Who brings it has not heard of that yet; it was not refused."""
    log = alone.node.seat.log
    said = log.after(log.last.index - 1, 1)[0].signed
    alone.node.out.clear()
    alone.node.proposals.brought("n2", Propose(said))
    assert not [effect for effect in alone.node.out if isinstance(effect, Send)]


def test_members_change_one_at_a_time(alone: Alone) -> None:
    """The majorities before and after a change have a voter in common; not so of two changes."""
    alone.node.step(Asked("c1", "ann", "admin", JOINS), alone.now)  # on its way to the disk
    (no,) = alone.ask(JOINS, client="c2")
    assert isinstance(no, Denied)
    assert "another change of membership" in no.message


def test_nobody_joins_while_a_vote_is_withheld(alone: Alone) -> None:
    alone.node.seat.members(("n1", "n9"), (), withheld=("n9",))
    (no,) = alone.ask(JOINS)
    assert isinstance(no, Denied)
    assert "the vote of n9 is withheld" in no.message


def test_else_somebody_joins(alone: Alone) -> None:
    assert isinstance(alone.ask(JOINS)[-1], Done)

"""A disk that was restored from an older copy."""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.dc import Consensus
from hanode.dc.learner import Memory, caught_up, reminded
from hanode.effects import Exit, Persist, Saved, Vote
from hanode.ids import ORIGIN, Position
from hanode.local_messages import PeerPulse, View
from hanode.peer_messages import Remembered
from hanode.settings import Timing

VIEW = View(1, (("n1", 1), ("n2", 5), ("n3", 1)), True)


def seat(saved: Saved | None = None) -> Consensus:
    one = Consensus("n2", 5, Timing(), Random(1), saved or Saved(), lambda base: b"", 0.0)
    one.members(("n1", "n2", "n3"), ())
    one.seen(VIEW, {}, 0.0)
    one.out.clear()
    return one


def ends(one: Consensus) -> list[Any]:
    return [then for e in one.out if isinstance(e, Persist) for then in e.then]


def test_a_disk_that_is_behind_what_was_heard_of_it_becomes_a_learner() -> None:
    one = seat()
    reminded(one, "n1", Remembered(4, Position(3, 50)))
    assert one.learner
    assert one.out[-1].vote == Vote(0, "", True), "durably"
    assert ends(one) == [Exit("an older copy of this disk was restored", anew=True, boot_after=4)]


def test_a_disk_that_has_it_all_votes_on() -> None:
    one = seat()
    reminded(one, "n1", Remembered(4, ORIGIN))
    assert not one.learner
    assert not one.out


def test_a_boot_that_was_given_before_is_not_used_again() -> None:
    one = seat(Saved(vote=Vote(3, "", True)))
    reminded(one, "n1", Remembered(7, Position(3, 50)))
    assert ends(one)[0].boot_after == 7


def test_a_learner_is_told_of_its_past_again_and_learns_on() -> None:
    one = seat(Saved(vote=Vote(3, "", True)))
    reminded(one, "n1", Remembered(4, Position(3, 50)))
    assert one.learner
    assert not one.out


def test_a_learner_with_nothing_told_by_a_dc_stays_one() -> None:
    one = seat(Saved(vote=Vote(3, "", True)))
    caught_up(one)
    assert one.learner


def test_memory_keeps_the_highest() -> None:
    memory, one = Memory(), seat()

    def hear(boot: int, position: Position) -> None:
        memory.note((PeerPulse("n1", boot, 1.0, 1.0, 3, "", position, 1.0, 0.0, (True,)),))

    hear(4, Position(3, 50))
    hear(5, Position(3, 20))
    assert memory.of("n1", one) == Remembered(5, Position(3, 50))
    memory.keep(("n2",))
    assert memory.of("n1", one) is None


def test_what_the_log_has_of_a_peer_is_remembered_by_who_never_heard_it() -> None:
    """Simulator, 3 nodes, seed 42: a machine that began anew with the keys that it had, and an
    empty disk, was taken for its forerunner of the same boot; what it said was old news."""
    memory, one = Memory(), seat()
    assert memory.of("n1", one, (4, 77)) == Remembered(4, ORIGIN, 77)
    memory.note((PeerPulse("n1", 5, 1.0, 1.0, 3, "", Position(3, 50), 1.0, 0.0, (True,)),))
    assert memory.of("n1", one, (4, 77)) == Remembered(5, Position(3, 50))
    reminded(one, "n2", Remembered(one.boot, ORIGIN, 77), last_word=77)
    assert not one.learner
    reminded(one, "n2", Remembered(one.boot, ORIGIN, 77), last_word=76)
    assert one.learner
    assert ends(one)[0].boot_after == one.boot

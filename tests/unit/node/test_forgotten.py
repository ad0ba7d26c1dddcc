"""A node whose disk has lost its past: an older copy, or an empty one with the keys it had."""

from __future__ import annotations

from random import Random

from hanode.effects import Exit, Persist, Saved
from hanode.events import STATEMENTS, VOCABULARY, AttributeSet, Signed, Statement
from hanode.identity import verify
from hanode.node import Node
from hanode.settings import Timing
from tests.unit.node.alone import IDENTITY, Alone
from tests.unit.node.follower import CLUSTER, OWN, Follower


def of_before(boot: int, number: int) -> Signed:
    """What n2 said in a life that it knows nothing of."""
    event = VOCABULARY.pack(AttributeSet("n2", "a", "1"))
    payload = STATEMENTS.pack(Statement("n2", boot, number, 0.0, "", event))
    return Signed(payload, OWN.sign("event", CLUSTER, payload))


def ends(follower: Follower) -> list[Exit]:
    writes = [effect for effect in follower.said if isinstance(effect, Persist)]
    return [then for write in writes for then in write.then if isinstance(then, Exit)]


def test_its_own_log_tells_it_though_no_peer_does() -> None:
    """All that it says would be old news: it could not even take office, nor report."""
    follower = Follower()
    follower.take(of_before(1, follower.node.facts.last + 1))
    follower.append()
    assert [end.boot_after for end in ends(follower)] == [1]


def test_so_does_a_snapshot() -> None:
    follower = Follower()
    follower.take(of_before(7, 1))
    follower.snapshot()
    assert [end.boot_after for end in ends(follower)] == [7]


def test_what_it_said_in_an_earlier_life_of_this_boot_is_its_own() -> None:
    follower = Follower()
    follower.take(of_before(1, 99_000 << 20))
    follower.append()
    assert not ends(follower)


def test_who_is_alone_begins_a_later_boot_and_votes_on() -> None:
    """Its counter of boots was lost, not its log."""
    alone = Alone()
    alone.node.state_fact(AttributeSet("n1", "a", "1"))
    alone.wait(3.0)
    log = alone.node.seat.log
    saved = Saved(entries=log.after(0, log.durable), committed=log.durable)
    again = Node("n1", 1, Timing(), IDENTITY, verify, Random(2), saved, now=1.0)
    writes = [effect for effect in again.out if isinstance(effect, Persist)]
    assert [then.boot_after for write in writes for then in write.then] == [1]
    assert not again.seat.learner

"""Who votes, while a node does not yet know how far its log is committed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.events import (
    NO_HASH,
    STATEMENTS,
    VOCABULARY,
    DcElected,
    Entry,
    Event,
    Member,
    MemberAdded,
    MemberRemoved,
    Signed,
    Statement,
    VoteRestored,
)
from hanode.ids import Position
from hanode.messaging.wire import MEMBERS_LIMIT
from hanode.node.voters import Voters
from hanode.state import ClusterState


def member(name: str, number: int) -> Member:
    return Member(name, number, "data", bytes([number]) * 32)


def entries(*events: Event) -> list[Entry]:
    made = []
    for index, event in enumerate(events, 2):
        said = Statement("n1", 1, index, 0.0, "", VOCABULARY.pack(event))
        made.append(Entry(2, index, NO_HASH, Signed(STATEMENTS.pack(said), b"")))
    return made


FOUNDER = member("n1", 1)
BEFORE, NOW = member("x1", 2), member("x1", 3)


def test_what_the_disk_adds_and_takes_away_counts_from_the_start() -> None:
    voters, state = Voters("n1", ()), ClusterState(members={"n1": FOUNDER})
    voters.found_on_disk(entries(MemberAdded(BEFORE)), 1)
    assert voters.members(state) == (FOUNDER, BEFORE)
    voters = Voters("n1", ())
    voters.found_on_disk(entries(MemberAdded(BEFORE), MemberRemoved("x1")), 1)
    assert voters.members(state) == (FOUNDER,)


def test_a_node_that_joins_again_is_not_its_namesake_of_before() -> None:
    """Simulator, members: a node joined for the second time under its name, read in the log that
    it had left, and left."""
    voters = Voters("x1", (FOUNDER, NOW))
    state = ClusterState(members={"n1": FOUNDER, "x1": BEFORE})
    assert voters.members(state) == (FOUNDER, NOW)
    assert not voters.is_us(state.members["x1"])
    del state.members["x1"]
    assert voters.members(state) == (FOUNDER, NOW), "its enrolment still counts"
    state.members["x1"] = NOW
    assert voters.is_us(state.members["x1"])


def test_who_joined_while_this_node_was_away_is_heard_and_has_no_vote() -> None:
    """Simulator, 5 nodes, seed 22: a node came back that had never heard of a new member; the two
    could not hear each other, so no view had both, and out of it nobody told it of the other."""
    voters, state = Voters("n1", ()), ClusterState(members={"n1": FOUNDER})
    assert voters.heard_of((FOUNDER, NOW), 9, state)
    assert not voters.heard_of((FOUNDER, NOW), 9, state), "no news"
    assert voters.members(state) == (FOUNDER,)
    state.position = Position(1, 8)
    assert voters.hinted(state) == (NOW,), "the log may still tell of it"
    state.position = Position(1, 9)
    assert voters.hinted(state) == (), "it was removed since"


def test_what_only_our_disk_names_is_worth_a_hint() -> None:
    """Simulator, 5 nodes, seed 469: a DC's last word, the addition of a member, was displaced, and
    came true later; meanwhile nothing told it of the member, which was in its view."""
    voters, state = Voters("n1", ()), ClusterState(members={"n1": FOUNDER})
    voters.found_on_disk(entries(MemberAdded(NOW)), 1)
    assert NOW in voters.members(state)
    assert voters.heard_of((FOUNDER, NOW), 9, state)
    state.position = Position(2, 2)
    assert NOW not in voters.members(state)
    assert voters.hinted(state) == (NOW,)


def test_what_no_heartbeat_could_hear_is_no_hint() -> None:
    """Any member may name whom it likes, and a roster that makes no sense as a whole is not taken:
    nobody was heard any more who joined later."""
    voters, state = Voters("n1", ()), ClusterState(members={"n1": FOUNDER})
    made_up = (member("a", 1), replace(NOW, name="b", number=300), replace(NOW, name="c"))
    crowd = [member(f"z{number}", number) for number in range(4, 60)]
    assert voters.heard_of((*made_up, NOW, *crowd), 9, state)
    hinted = voters.hinted(state)
    assert hinted[0].name == "c", "its number is free; the first takes it"
    numbers = [each.number for each in (FOUNDER, *hinted)]
    assert len(set(numbers)) == len(numbers) == MEMBERS_LIMIT
    assert max(numbers) < 256


PAIR = {"n1": FOUNDER, "n2": member("n2", 2)}
ALONE = DcElected(3, "n1", ("n1",))


@pytest.mark.parametrize(
    ("said", "withheld"),
    [
        ((ALONE,), ("n2",)),
        ((DcElected(3, "n1", ("n1", "n2")),), ()),
        ((ALONE, VoteRestored("n2", 2)), ()),
        ((ALONE, MemberAdded(member("n3", 3))), ()),
        ((), ()),
    ],
    ids=["by itself", "by both", "restored", "of three", "nothing"],
)
def test_whose_vote_an_unconfirmed_election_withholds(
    said: tuple[Event, ...], withheld: tuple[str, ...]
) -> None:
    """One elected by itself committed that by its own disk alone; the other, asked for its vote
    after a restart, lacks what came since."""
    voters, state = Voters("n1", ()), ClusterState(members=dict(PAIR))
    voters.found_on_disk(entries(*said), 1)
    assert voters.withheld(state) == withheld


def test_of_what_is_committed_the_fold_tells_whose_votes_count() -> None:
    voters, state = Voters("n1", ()), ClusterState(members=dict(PAIR))
    voters.found_on_disk(entries(ALONE), 2)
    assert voters.withheld(state) == ()
    voters.found_on_disk(entries(ALONE), 1)
    state.position = Position(2, 2)
    assert voters.withheld(state) == ()
    state.withheld = ("n2",)
    assert voters.withheld(state) == ("n2",)


def test_beside_a_witness_no_vote_is_withheld() -> None:
    voters = Voters("n1", ())
    state = ClusterState(members={"n1": FOUNDER, "n2": replace(PAIR["n2"], role="witness")})
    voters.found_on_disk(entries(ALONE), 1)
    assert voters.withheld(state) == ()


def test_nor_of_three() -> None:
    voters, state = Voters("n1", ()), ClusterState(members={**PAIR, "n3": member("n3", 3)})
    voters.found_on_disk(entries(ALONE), 1)
    assert voters.withheld(state) == ()

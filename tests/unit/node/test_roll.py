"""Whom a node holds streams with and hears: members, and those whom peers have told of since."""

from __future__ import annotations

from dataclasses import replace

from hanode.effects import SetPeers, TellHeart
from hanode.events import Member
from hanode.inputs import PeerSaid
from hanode.peer_messages import Roster
from tests.unit.node.follower import CLUSTER, Follower

JOINED = Member("x1", 4, "data", b"4" * 32)


def told(follower: Follower, *members: Member, by: str = "n3") -> None:
    """What a peer knows at an entry that the node has not got."""
    follower.said.clear()
    follower.tell(PeerSaid(by, Roster(CLUSTER, members, follower.log.last.index + 5)))


def peers(follower: Follower) -> dict[str, Member]:
    """As the streams were told last."""
    said = [effect for effect in follower.said if isinstance(effect, SetPeers)]
    return {member.name: member for member in said[-1].members} if said else {}


def test_who_joined_meanwhile_may_be_the_dc_that_brings_the_log() -> None:
    """Who was away did not know the newcomer's keys: as the DC, it had no stream to tell it by, and
    had it fenced for its silence."""
    follower = Follower()
    told(follower, JOINED)
    assert sorted(peers(follower)) == ["n1", "n2", "n3", "x1"]
    (heart,) = [e.message for e in follower.said if isinstance(e, TellHeart)]
    assert {m.name: m.role for m in heart.members}["x1"] == "learner", "it has no vote here yet"


def test_nor_where_it_has_taken_anothers_place() -> None:
    follower = Follower()
    new = replace(JOINED, name="n1")
    told(follower, new)
    assert peers(follower)["n1"] == new
    (heart,) = [e.message for e in follower.said if isinstance(e, TellHeart)]
    assert {m.name: m.role for m in heart.members}["n1"] == "data", "that one's vote counts on"


def test_no_strangers_word_opens_a_stream() -> None:
    follower = Follower()
    told(follower, JOINED, by="x9")
    assert not peers(follower)

"""A node that lagged so far behind that it is given the DC's fold in place of the entries."""

from __future__ import annotations

from random import Random

import pytest

from hanode.effects import Exit, Persist
from hanode.events import AttributeSet, Member, NodeLeft, OperationFinished, ViewAgreed
from hanode.identity import verify
from hanode.ids import ORIGIN
from hanode.inputs import LocalSaid, PeerSaid
from hanode.local_messages import Finished, Noted, TakeTerm
from hanode.node import Node, found
from hanode.peer_messages import Append, Remembered, Snapshot
from hanode.settings import Timing
from hanode.state import ClusterState
from tests.unit.node.follower import CLUSTER, DC, OWN, TERM, Follower

AGENT = "ocf:hanode:Dummy"
DONE = OperationFinished("n2", "web", AGENT, "monitor", 1000, 7, "done", call_id=3)


def member() -> Follower:
    """Its first report stands in the log."""
    follower = Follower()
    for signed in follower.proposals():
        follower.take(signed)
    follower.append()
    assert follower.node.state.nodes["n2"].online
    assert not follower.node.facts.waiting
    return follower


def test_what_stands_in_the_fold_is_not_said_again() -> None:
    follower = member()
    follower.tell(LocalSaid(Finished(1, DONE)))
    follower.take(follower.proposals()[-1])
    follower.snapshot()
    assert not follower.node.facts.waiting
    assert not follower.node.hands.unsettled
    assert follower.to_lrm(Noted) == [Noted(1)]


def test_what_does_not_is() -> None:
    follower = member()
    follower.tell(LocalSaid(Finished(1, DONE)))
    follower.state_as_dc(AttributeSet("n1", "a", "1"))
    follower.snapshot()
    assert [waiting.event for waiting in follower.node.facts.waiting.values()] == [DONE]


def test_who_was_counted_out_and_in_again_meanwhile_reports() -> None:
    """Nobody would be told what runs there, and the DC would have it fenced, or wait for ever."""
    follower = member()
    follower.state_as_dc(ViewAgreed((("n1", 1), ("n3", 1))))
    follower.state_as_dc(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 1))))
    before = len(follower.to_lrm(TakeTerm))
    follower.snapshot()
    assert len(follower.to_lrm(TakeTerm)) == before + 1
    follower.take(follower.proposals()[-1])
    follower.append()
    assert follower.node.state.nodes["n2"].online


def test_a_report_that_stands_in_the_fold_is_no_report_that_is_on_its_way() -> None:
    follower = Follower()
    for signed in follower.proposals():
        follower.take(signed)
    follower.snapshot()
    follower.state_as_dc(ViewAgreed((("n1", 1), ("n3", 1))))
    follower.state_as_dc(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 1))))
    before = len(follower.to_lrm(TakeTerm))
    follower.append()
    assert len(follower.to_lrm(TakeTerm)) == before + 1


@pytest.mark.parametrize("state", [b"\xc1", ClusterState().pack()], ids=["no fold", "of then"])
def test_what_cant_be_read_takes_no_place(state: bytes) -> None:
    """The log had begun anew after it, in memory and on disk, before anybody had looked into it."""
    follower = member()
    follower.state_as_dc(AttributeSet("n1", "a", "1"))
    before = follower.node.state
    sent = Snapshot(TERM, "n1", 1, follower.log.last, follower.log.last_hash, state, 99)
    said = follower.tell(PeerSaid("n1", sent))
    (end,) = (effect for effect in said if isinstance(effect, Exit))
    assert "can't be read" in end.reason
    assert not [effect for effect in said if isinstance(effect, Persist) and effect.snapshot]
    assert follower.node.state is before
    assert follower.node.seat.log.last == before.position


def test_nobody_commits_more_than_there_is() -> None:
    """Entries that it has, sent many times over, and said to be committed: its crm ended."""
    follower = member()
    log = follower.log
    entry, before = log.entry(log.last.index), log.position_at(log.last.index - 1)
    many = Append(TERM, "n1", 1, before, entry.previous, (entry,) * 9, 10**6, 99)
    follower.tell(PeerSaid("n1", many))
    assert follower.node.state.position == log.last


def test_who_has_left_ends() -> None:
    follower = member()
    follower.node.state_fact(NodeLeft("n2", 1))
    follower.hear(("n1", "n2", "n3"))
    follower.take(follower.proposals()[-1])
    assert next(e for e in follower.snapshot() if isinstance(e, Exit)).left


@pytest.mark.parametrize(("number", "forgotten"), [(2, False), (4, True), (0, True)])
def test_nobody_has_forgotten_what_a_namesake_of_before_had_said(
    number: int, forgotten: bool
) -> None:
    """A peer with a restored disk tells of n2, number 2; this one has come in its place since."""
    keys = (DC.public, b"2" * 32, b"3" * 32)
    members = tuple(Member(f"n{n}", n, "data", key) for n, key in enumerate(keys, 1))
    enrolled = (Member("n2", 4, "data", OWN.public),)
    saved = found(DC, "n1", CLUSTER, "shop", members)
    node = Node("n2", 1, Timing(), OWN, verify, Random(1), saved, 100.0, enrolled=enrolled)
    node.step(PeerSaid("n1", Remembered(9, ORIGIN, 77, member=number)), 101.0)
    assert node.seat.learner is forgotten

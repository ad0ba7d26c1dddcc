"""A fencing that is settled, while another node still strikes for it: that one is told to end."""

from __future__ import annotations

from hanode.events import (
    STATEMENTS,
    VOCABULARY,
    FencingConfirmed,
    FencingIntended,
    FencingLapsed,
    NodeReported,
    Signed,
    Statement,
    ViewAgreed,
)
from hanode.local_messages import CallOff
from tests.unit.node.follower import CLUSTER, THIRD, Follower
from tests.unit.node.test_replaced import member


def wanted() -> Follower:
    """n2 may have been told to strike n3."""
    follower = member()
    follower.state_as_dc(FencingIntended("q", "n3", 1, "reboot", "it is silent"))
    follower.append()
    return follower


def back(follower: Follower, boot: int = 2) -> None:
    """n3 reports."""
    follower.state_as_dc(ViewAgreed((("n1", 1), ("n2", 1), ("n3", boot))))
    said = Statement("n3", boot, 1, 0.0, "", VOCABULARY.pack(NodeReported("n3", boot, 2)))
    payload = STATEMENTS.pack(said)
    follower.take(Signed(payload, THIRD.sign("event", CLUSTER, payload)))


def proved(follower: Follower) -> None:
    """By somebody else."""
    follower.state_as_dc(FencingConfirmed("q", "n3", 1, "power-verified", "power", "n1"))


def test_who_is_back_is_struck_no_more() -> None:
    """An earlier DC had ordered it here, and the device is slow: the next boot was struck."""
    follower = wanted()
    proved(follower)
    follower.append()
    assert not follower.to_lrm(CallOff), "what is half done may leave it without power"
    back(follower)
    follower.append()
    assert follower.to_lrm(CallOff) == [CallOff("q")]


def test_nor_where_all_that_came_in_a_snapshot() -> None:
    follower = wanted()
    proved(follower)
    back(follower)
    follower.snapshot()
    assert CallOff("q") in follower.to_lrm(CallOff)


def test_what_was_proved_before_a_snapshot_goes_on_until_its_target_is_back() -> None:
    """Half done, it was killed as the fold came whole: nobody switched the target on again."""
    follower = wanted()
    proved(follower)
    follower.snapshot()
    assert not follower.to_lrm(CallOff)
    back(follower)
    follower.append()
    assert follower.to_lrm(CallOff) == [CallOff("q")]


def test_a_report_of_the_boot_that_is_over_comes_too_late() -> None:
    follower = wanted()
    proved(follower)
    back(follower, boot=1)
    follower.append()
    assert not follower.to_lrm(CallOff)


def test_what_lapsed_before_a_snapshot_is_called_off() -> None:
    follower = wanted()
    back(follower)
    follower.state_as_dc(FencingLapsed("q", "n3", "back in a later boot"))
    follower.snapshot()
    assert follower.to_lrm(CallOff) == [CallOff("q")]


def test_what_still_stands_is_not() -> None:
    follower = wanted()
    back(follower)
    follower.snapshot()
    assert not follower.to_lrm(CallOff)

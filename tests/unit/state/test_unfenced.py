"""Who was let in, and what takes that back."""

from __future__ import annotations

import pytest

from hanode.events import (
    AttributeSet,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    NodeReported,
    ViewAgreed,
)
from hanode.state.proofs import UNFENCED
from tests.unit.state.test_fold import Story


@pytest.fixture
def story() -> Story:
    """n3 is in its second boot, and was let in; something wanted its first one fenced."""
    story = Story()
    story.tell(FencingIntended("q", "n3", 1, "reboot", "lost"))
    story.tell(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 2))))
    story.tell(NodeReported("n3", 2, 2), "n3", 2)
    story.tell(AttributeSet("n3", UNFENCED, "7"), "n2")
    return story


@pytest.mark.parametrize(
    ("late", "stays"),
    [
        (FencingConfirmed("q", "n3", 1, "isolation-verified", "sw", "n2"), False),
        (FencingConfirmed("q", "n3", 1, "power-verified", "strip", "n2"), True),
        (FencingFailed("q", "n3", "sw", "status timed out", "n2"), False),
        (FencingFailed("other", "n3", "sw", "of an intent that has lapsed", "n2"), False),
        (FencingFailed("u", "n3", "sw", "was let in already", "n2", "on"), True),
    ],
)
def test_who_may_have_been_cut_off_since_is_let_in_anew(
    story: Story, late: Event, stays: bool
) -> None:
    """Simulator, 3 nodes, seed 116 with isolation: a fencing of the boot before ended late."""
    story.tell(late, "n2")
    assert (UNFENCED in story.state.nodes["n3"].attributes) is stays
    assert story.state.nodes["n3"].online


@pytest.mark.parametrize("since", ["cut off", "another boot"])
def test_an_unfencing_that_was_ordered_before_says_nothing_any_more(
    story: Story, since: str
) -> None:
    """Simulator, 7 nodes, seed 51212: a DC's crm died; its LRM told the next one of an unfencing
    once more, when the node had been cut off since: it stayed so for good."""
    ordered = story.state.position.index
    if since == "cut off":
        story.tell(FencingConfirmed("q2", "n3", 2, "isolation-verified", "sw", "n2"), "n2")
    else:
        story.tell(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 3))))
        story.tell(NodeReported("n3", 3, 2), "n3", 3)
    story.tell(AttributeSet("n3", UNFENCED, "8", after=ordered), "n2")
    assert UNFENCED not in story.state.nodes["n3"].attributes
    story.tell(AttributeSet("n3", UNFENCED, "9", after=story.state.position.index), "n2")
    assert story.state.nodes["n3"].attributes[UNFENCED] == "9"

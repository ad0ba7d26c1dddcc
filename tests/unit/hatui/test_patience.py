"""A line's rests between two rounds."""

from __future__ import annotations

from hatui.link.patience import FIRST, LONGEST, STEADY, Patience


def test_ever_longer_while_nothing_holds() -> None:
    patience = Patience()
    rests = []
    for _ in range(12):
        patience.attached(0.02)  # welcomed, and thrown out
        rests.append(patience.rest())
    assert rests == sorted(rests)
    assert rests[0] == FIRST
    assert rests[-1] == LONGEST


def test_what_has_held_is_sought_again_at_once() -> None:
    patience = Patience()
    for _ in range(12):
        patience.rest()
    patience.attached(STEADY)
    assert patience.rest() == FIRST

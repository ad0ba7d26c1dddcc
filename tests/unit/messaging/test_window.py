"""The window against a plain set of numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanode.messaging.window import SIZE, Window


@given(st.lists(st.integers(0, 3 * SIZE)))
def test_each_number_once_none_from_before_the_window(numbers: list[int]) -> None:
    window, seen, newest = Window(), set(), 0
    for number in numbers:
        fresh = number > 0 and number not in seen and number > newest - SIZE
        assert window.admit(number) == fresh
        seen.add(number)
        newest = max(newest, number)


def test_loss_is_the_share_that_is_missing() -> None:
    window = Window()
    for number in range(1, 1001):
        if number % 4:
            window.admit(number)
    assert window.missed(1000) == 0.25
    assert window.missed(1000 + 128) == 1.0


def test_a_young_link_has_lost_nothing_of_before() -> None:
    window = Window()
    window.admit(5000)
    assert window.missed(5000) == 0.0
    assert window.missed(5001) == 0.5

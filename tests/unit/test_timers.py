"""Named deadlines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanode.timers import Timers


def test_rings_once_and_in_order() -> None:
    timers = Timers()
    timers.set("b", 2.0)
    timers.set("a", 2.0)
    timers.set("c", 1.0)
    assert timers.next() == 1.0
    assert timers.due(2.0) == ["c", "a", "b"]
    assert timers.due(9.0) == []
    assert timers.next() is None


def test_a_later_setting_takes_the_place_of_the_earlier() -> None:
    timers = Timers()
    timers.set("a", 1.0)
    timers.set("a", 3.0)
    assert timers.due(2.0) == []
    assert timers.at("a") == 3.0
    timers.clear("a")
    timers.clear("a")
    assert timers.at("a") is None


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 100)), st.floats(0, 100))
def test_the_next_deadline_is_of_state_not_of_now(set_to: dict[str, float], now: float) -> None:
    timers = Timers()
    for name, at in set_to.items():
        timers.set(name, at)
    rung = timers.due(now)
    assert all(set_to[name] <= now for name in rung)
    assert timers.next() == min((at for n, at in set_to.items() if n not in rung), default=None)

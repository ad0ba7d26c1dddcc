"""What the log has had of each actor: told again, it is no news."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanode.ids import EventId
from hanode.settings import EVENTS_IN_FLIGHT
from hanode.state import ClusterState
from hanode.state.said import LIVES_MAX, is_new, note

LIFE = 7 << 20


def told(*numbers: int, boot: int = 1) -> ClusterState:
    state = ClusterState()
    for number in numbers:
        note(state, EventId("n1", boot, LIFE + number))
    return state


def new(state: ClusterState, number: int, boot: int = 1) -> bool:
    return is_new(state, EventId("n1", boot, LIFE + number))


@given(st.lists(st.integers(1, 200), max_size=60))
def test_it_tells_exactly_what_was_said(numbers: list[int]) -> None:
    state = told(*numbers)
    assert [n for n in range(1, 220) if not new(state, n)] == sorted(set(numbers))


def test_another_actor_boot_or_life_is_another_thing() -> None:
    state = told(1)
    assert not new(state, 1)
    assert new(state, 1, boot=2)
    assert is_new(state, EventId("n2", 1, LIFE + 1))
    assert is_new(state, EventId("n1", 1, LIFE * 2 + 1))


def test_it_survives_a_snapshot() -> None:
    """Simulator, 3 nodes, seed 145: a DC that had begun from a snapshot took a fact twice."""
    state = told(1, 3)
    assert ClusterState.unpack(state.pack()) == state
    assert not new(ClusterState.unpack(state.pack()), 3)


def test_it_is_bounded() -> None:
    state = told(1, 5 * EVENTS_IN_FLIGHT)
    assert not new(state, 2), "nobody holds a fact for so long"
    (life,) = state.said["n1"]
    assert len(life.missing) == EVENTS_IN_FLIGHT
    for boot in range(2, 3 * LIVES_MAX):
        note(state, EventId("n1", boot, LIFE + 1))
    assert len(state.said["n1"]) == LIVES_MAX

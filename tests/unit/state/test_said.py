"""What the log has had of each actor: told again, it is no news."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanode.events import Member
from hanode.ids import EventId
from hanode.settings import EVENTS_IN_FLIGHT
from hanode.state import ClusterState
from hanode.state.said import LIVES_MAX, is_new, last_word, note

LIFE = 7 << 20


def told(*numbers: int, boot: int = 1) -> ClusterState:
    state = ClusterState()
    state.members = {name: Member(name, 1, "data", name.encode()) for name in ("n1", "n2")}
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
    (life,) = state.said[b"n1"]
    assert len(life.missing) == EVENTS_IN_FLIGHT
    for boot in range(2, 3 * LIVES_MAX):
        note(state, EventId("n1", boot, LIFE + 1))
    assert len(state.said[b"n1"]) == LIVES_MAX


def test_a_life_that_is_forgotten_has_nothing_new_to_say() -> None:
    """Simulator, 2 nodes, seed 71518: a crm had begun more lives than are remembered, and a word
    of the first was taken once more."""
    state = told(1)
    for life in range(8, 8 + 2 * LIVES_MAX):
        note(state, EventId("n1", 1, (life << 20) + 1))
    assert not new(state, 1)
    assert not new(state, 2), "it is over: a later one has spoken"
    assert is_new(state, EventId("n1", 1, ((8 + 2 * LIVES_MAX) << 20) + 1))
    assert is_new(state, EventId("n1", 2, 1))


def test_what_is_refused_as_old_displaces_nothing_newer() -> None:
    state = told()
    for life in range(8, 8 + LIVES_MAX):
        note(state, EventId("n1", 1, life << 20))
    for life in range(LIVES_MAX):
        note(state, EventId("n1", 1, life << 20))
    assert not is_new(state, EventId("n1", 1, (7 + LIVES_MAX) << 20))


def test_another_machine_under_the_same_name_begins_anew() -> None:
    """Simulator, 3 nodes, seed 42: it was taken for its forerunner, and could not take office."""
    state = told(5, boot=9)
    assert last_word(state, "n1") == (9, LIFE + 5)
    state.members["n1"] = Member("n1", 3, "data", b"other")
    assert last_word(state, "n1") == (0, 0)
    assert new(state, 1)

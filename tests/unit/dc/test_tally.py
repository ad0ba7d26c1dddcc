"""Vote arithmetic."""

from hypothesis import given
from hypothesis import strategies as st

from hanode.dc.tally import agreed_value, carried, committed, majority

NAMES = st.lists(st.sampled_from([f"n{i}" for i in range(1, 10)]), unique=True, min_size=1)


def test_more_than_half_is_a_majority() -> None:
    assert [majority("abcde"[:n]) for n in (1, 2, 3, 4, 5)] == [1, 2, 2, 3, 3]


@given(NAMES, st.data())
def test_two_majorities_share_a_voter(voters: list[str], data: st.DataObject) -> None:
    one = data.draw(st.sets(st.sampled_from(voters)))
    other = data.draw(st.sets(st.sampled_from(voters)))
    if carried(one, voters) and carried(other, voters):
        assert one & other


def test_strangers_and_absentees_do_not_count() -> None:
    assert not carried({"n1", "x1", "x2"}, ("n1", "n2", "n3"))


def test_the_agreed_value_is_what_more_than_half_have_reached() -> None:
    assert agreed_value({"n1": 5, "n2": 3, "n3": 9}, ("n1", "n2", "n3"), 0) == 5
    assert agreed_value({"n1": 5}, ("n1", "n2", "n3"), 0) == 0
    assert agreed_value({}, (), 0) == 0


def test_three_nodes_commit_with_two() -> None:
    matches = {"n1": 7, "n2": 7, "n3": 2}
    assert committed(matches, ("n1", "n2", "n3"), (), ("n1", "n2", "n3")) == 7


def test_with_both_data_nodes_there_the_witness_does_not_count() -> None:
    matches = {"n1": 7, "w": 7, "n2": 4}
    assert committed(matches, ("n1", "n2"), ("w",), ("n1", "n2", "w")) == 4


def test_the_witness_counts_while_a_data_node_is_out_of_the_view() -> None:
    matches = {"n1": 7, "w": 7, "n2": 4}
    assert committed(matches, ("n1", "n2"), ("w",), ("n1", "w")) == 7


def test_two_nodes_alone_need_both() -> None:
    assert committed({"n1": 7}, ("n1", "n2"), (), ("n1",)) == 0

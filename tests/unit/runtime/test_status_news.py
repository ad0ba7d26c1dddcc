"""What travels to the PE's worker: as little as changed, and always enough."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanode.cib.status import NodeState, Operation, ResourceHistory, Status
from hanode.runtime.status_news import news, whole

STATES = st.builds(
    NodeState,
    st.sampled_from(["n1", "n2", "n3", ""]),
    id=st.sampled_from(["1", "2", "n1"]),
    in_ccm=st.booleans(),
    attributes=st.dictionaries(st.sampled_from("ab"), st.sampled_from("12")),
    history=st.lists(
        st.builds(
            ResourceHistory,
            st.sampled_from(["web", "db"]),
            operations=st.tuples(st.builds(Operation, st.just("start"), rc=st.integers(0, 1))),
        ),
        max_size=2,
    ).map(tuple),
)
STATUSES = st.builds(
    Status, st.lists(STATES, max_size=4).map(tuple), have_quorum=st.booleans(), dc=st.just("n1")
)


@given(STATUSES, STATUSES)
def test_nothing_is_lost_on_the_way(before: Status, after: Status) -> None:
    assert whole(before, news(before, after)) == after


def test_what_is_as_it_was_does_not_travel() -> None:
    one, two = NodeState("n1"), NodeState("n2")
    told = news(Status((one, two)), Status((NodeState("n1"), two._replace(in_ccm=False))))
    assert told.nodes == (0, two._replace(in_ccm=False))

"""Two nodes alone: whose vote counts, and who shoots first."""

from __future__ import annotations

from hanode.events import (
    DcElected,
    Member,
    MemberAdded,
    MemberRemoved,
    OperationFinished,
    VoteRestored,
)
from hanode.node.importance import importance
from hanode.state import ClusterState
from hanode.state.operations import record
from hanode.state.records import NodeRecord
from tests.unit.state.test_fold import Story

TWO = ("n1", "n2")


def two() -> Story:
    """A cluster of just two data nodes, led by n1."""
    log = Story()
    log.tell(MemberRemoved("n3"))
    log.tell(DcElected(2, "n1", TWO))
    return log


def test_a_dc_with_both_votes_withholds_none() -> None:
    assert two().state.withheld == ()


def test_a_dc_elected_by_itself_counts_alone_until_the_other_has_caught_up() -> None:
    log = two()
    log.tell(DcElected(3, "n1", ("n1",)))
    assert log.state.withheld == ("n2",)
    log.tell(DcElected(4, "n1", ("n1",)))
    assert log.state.withheld == ("n2",), "a later election by itself changes nothing"
    log.tell(VoteRestored("n2", 2))
    assert not log.state.withheld


def test_of_three_nodes_no_vote_is_ever_withheld() -> None:
    log = two()
    log.tell(MemberAdded(Member("n3", 3, "data", b"k" * 32)))
    log.tell(DcElected(3, "n1", ("n1",)))
    assert log.state.withheld == ()


def started(node: str, resource: str, task: str = "start") -> OperationFinished:
    agent = "ocf:hanode:Dummy"
    return OperationFinished(node, resource, agent, task, 0, 0, "done", call_id=1)


def test_importance_is_the_priority_of_what_runs() -> None:
    state = ClusterState()
    state.cib = (
        '<cib><configuration><resources><group id="g"><meta_attributes id="gm">'
        '<nvpair id="gp" name="priority" value="7"/></meta_attributes>'
        '<primitive id="a"/></group><primitive id="b"/></resources></configuration></cib>'
    )
    for name, resource, task in (("n1", "a", "start"), ("n2", "b", "promote")):
        node = state.nodes[name] = NodeRecord(name)
        record(node, started(name, resource, task))
    assert (importance(state, "n1"), importance(state, "n2")) == (7, 1)
    record(state.nodes["n1"], started("n1", "a", "stop"))
    assert importance(state, "n1") == 0

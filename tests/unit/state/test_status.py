"""What the policy engine is told of nodes, and what it is not told."""

from __future__ import annotations

import pytest

from hanode.events import NodeLeaving, NodeReported, OperationFinished, ViewAgreed
from hanode.state import ClusterState, status_of
from tests.unit.mgmt.clusters import founded

CIB = """<cib admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/><nodes>
<node id="9" uname="n9"/><node id="r1" uname="r1" type="remote"/>
</nodes><resources/><constraints/></configuration></cib>"""


def test_who_is_no_member_is_down_and_nobody_waits_for_its_fencing() -> None:
    """(Found by the simulator: it was to be fenced before anything started, for ever.)"""
    state = ClusterState()
    state.cib = CIB
    (node,) = status_of(state).nodes
    assert (node.uname, node.id, node.expected) == ("n9", "9", "down")
    assert (node.in_ccm, node.crmd, node.unseen) == (False, False, False)


def test_who_is_gone_without_having_left_is_no_more_excused_by_having_been_about_to() -> None:
    """Simulator, 3 nodes, seed 102287: what ran there was started elsewhere, and nobody fenced."""
    log = founded()
    log.say(NodeLeaving("n3", 1))

    def asked() -> bool:
        (state,) = (node for node in status_of(log.state).nodes if node.uname == "n3")
        return "shutdown" in state.attributes

    assert asked()
    log.say(ViewAgreed((("n1", 1), ("n2", 1))))
    assert not asked()
    assert log.state.nodes["n3"].lost


@pytest.mark.parametrize("task", ["stop", "demote"])
@pytest.mark.parametrize("quorate", [True, False])
def test_what_is_just_stopping_is_looked_at_again_before_anything_rests_upon_it(
    task: str, quorate: bool
) -> None:
    """Simulator, 2 nodes and a witness, seed 111769: the stop of g1 could not be killed; what comes
    after it was started, and g1 stopped then."""
    log = founded()
    web = ("n2", "web", "ocf:hanode:web")
    started = OperationFinished(*web, "start", 0, 0, "done", call_id=4)
    stopping = OperationFinished(*web, task, 0, 193, "pending", call_id=5)
    log.say(NodeReported("n2", 1, 3, (started,)), actor="n2")
    log.say(NodeReported("n2", 1, 4, (started, stopping)), actor="n2")
    log.state.quorate = quorate
    (state,) = (node for node in status_of(log.state).nodes if node.uname == "n2")
    assert ("web" in [kept.id for kept in state.history]) is not quorate


@pytest.mark.parametrize("order", ["9" * 5000 + ".1.1", "1." + "9" * 5000 + ".1", "².1.1"])
def test_an_order_that_never_was_ends_nobodys_crm(order: str) -> None:
    """A member may say that it has carried out whatever it likes; each DC that read it ended."""
    log = founded()
    done = OperationFinished(
        "n3", "web", "ocf:hanode:Dummy", "start", 0, 0, "done", order=order, digest="d"
    )
    log.say(done, actor="n3")
    (operation,) = log.state.nodes["n3"].history["web"].values()
    assert operation.order == order
    status_of(log.state)

"""What the policy engine is told of nodes that are configured and belong to no cluster."""

from __future__ import annotations

from hanode.events import NodeLeaving, ViewAgreed
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

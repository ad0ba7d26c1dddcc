"""What the policy engine is told of nodes that are configured and belong to no cluster."""

from __future__ import annotations

from hanode.state import ClusterState, status_of

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

"""Where a node that was cut off is to leave alone what runs there; so nobody may count on its stop.

A node acts by the configuration that it knows. One that was cut off in maintenance goes on as in
maintenance, whatever its operators have said to the others since. So the log remembers where the
configuration said such a thing last, and each node's report tells how much of the log it knows.
"""

from __future__ import annotations

from hanode.cib.reading import is_true
from hanode.cib.xml import read_xml
from hanode.ids import NodeName
from hanode.state.cluster import ClusterState

FALSE = ("false", "no", "off", "0")
STOPPING = ("stop", "fence", "suicide")
"""Policies under which a node without quorum soon runs nothing."""


def stays(state: ClusterState, name: NodeName = "") -> str:
    """Why a node (any, if none is named) that was cut off may not have stopped by itself; empty:
    it has."""
    policy = state.options.get("no-quorum-policy", "stop")
    if policy not in STOPPING:
        return f"no-quorum-policy={policy} lets it run on"
    if state.hands_off:
        return "maintenance mode lets it run on"
    root = read_xml(state.cib.encode())
    for node in root.iterfind("configuration/nodes/node"):
        pairs = node.iterfind("instance_attributes/nvpair[@name='maintenance']")
        if name in ("", node.get("uname")) and any(
            is_true(pair.get("value", "")) for pair in pairs
        ):
            return "maintenance of this node lets it run on"
    for pair in root.iterfind("configuration//meta_attributes/nvpair"):
        option, yes = pair.get("name"), is_true(pair.get("value", ""))
        unmanaged = option == "is-managed" and not yes
        if unmanaged or (option == "maintenance" and yes):
            return "some of its resources are not managed"
    return ""


def may_not_know(state: ClusterState, name: NodeName) -> str:
    """Why it may still act by what was said before."""
    node = state.nodes.get(name)
    if node is None or node.known >= state.left_alone:
        return ""
    return "when it was heard last it may have been told to leave alone what runs there"


def fencing_enabled(state: ClusterState) -> bool:
    """If not, much rests upon stops that nobody sees."""
    return state.options.get("stonith-enabled", "true").lower() not in FALSE

"""Where a node that was cut off is to leave alone what runs there; so nobody may count on its stop.

A node acts by the configuration that it knows. One that was cut off in maintenance goes on as in
maintenance, whatever its operators have said to the others since. So the log remembers where the
configuration said such a thing last, and each node's report tells how much of the log it knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from hanode.cib.options import possible, property_sets, quorum_policy, truth
from hanode.cib.read_sets import read_sets
from hanode.cib.reading import Reader, is_true
from hanode.cib.xml import read_xml
from hanode.ids import NodeName
from hanode.state.cluster import ClusterState

STOPPING = ("stop", "fence", "suicide")
"""Policies under which a node without quorum soon runs nothing."""


def stays(state: ClusterState, name: NodeName = "") -> str:
    """Why a node (any, if none is named) that was cut off may not have stopped by itself; empty:
    it has."""
    policy = quorum_policy(state.options)
    if policy not in STOPPING:
        return f"no-quorum-policy={policy} lets it run on"
    root = read_xml(state.cib.encode())
    options = property_sets(root)
    if state.hands_off or "true" in possible(options, "maintenance-mode"):
        return "maintenance mode lets it run on"
    if "false" in possible(options, "is-managed-default"):
        return "what is not said to be managed runs on"
    reader = Reader(root)
    for node in root.iterfind("configuration/nodes/node"):
        if name in ("", node.get("uname")) and any(
            option == "maintenance" and is_true(value)
            for option, value in _pairs(reader, node, "instance_attributes")
        ):
            return "maintenance of this node lets it run on"
    for element in root.iterfind("configuration//meta_attributes/.."):
        for option, value in _pairs(reader, element, "meta_attributes"):
            unmanaged = option in ("is-managed", "is_managed") and not is_true(value)
            if unmanaged or (option == "maintenance" and is_true(value)):
                return "some of its resources are not managed"
    return ""


def _pairs(reader: Reader, element: etree._Element, tag: str) -> Iterator[tuple[str, str]]:
    """Whatever rules they stand under: it may hold there where it does not hold here."""
    for entry in read_sets(reader, element, tag):
        yield from entry.pairs


def may_not_know(state: ClusterState, name: NodeName) -> str:
    """Why it may still act by what was said before."""
    node = state.nodes.get(name)
    if node is None or node.known >= state.left_alone:
        return ""
    return "when it was heard last it may have been told to leave alone what runs there"


def fencing_enabled(state: ClusterState) -> bool:
    """If not, much rests upon stops that nobody sees."""
    return truth(state.options, "fencing-enabled", True)

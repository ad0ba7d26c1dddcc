"""Whether a cluster node is up, on its way, down in order, or unclean.

A node is unclean when it may still run something without our being able to ask it. With
fencing enabled each such case demands its fencing; without, a lost node is just offline.
"""

from __future__ import annotations

from hanode.cib.reading import is_true
from hanode.cib.status import NodeState
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node

_JOINS = ("member", "pending", "down", "nack", "")


def judge_membership(cluster: Cluster, node: Node, state: NodeState) -> None:
    """Set online, pending, unclean, shutdown."""
    node.expected_up = state.expected == "member"
    if asked_since(node.attributes.get("shutdown", "0")) > 0:
        node.shutdown = True
        node.expected_up = False
    if cluster.options.fencing_enabled:
        _with_fencing(cluster, node, state)
    else:
        _without_fencing(cluster, node, state)


def asked_since(text: str) -> int:
    """When somebody asked for it; 0 if nobody did."""
    try:
        return int(text)
    except ValueError:
        return 1 if is_true(text) else 0


def _without_fencing(cluster: Cluster, node: Node, state: NodeState) -> None:
    if not state.in_ccm:
        return
    if state.crmd:
        if state.join == "member":
            node.online = True
        return
    if node.expected_up:
        cluster.demand_fencing(node, "peer is unexpectedly down")


def _with_fencing(cluster: Cluster, node: Node, state: NodeState) -> None:
    """By what is expected of it, and by where it is on its way in or out."""
    terminate = asked_since(node.attributes.get("terminate", "0")) > 0
    if node.shutdown:
        node.online = state.crmd
    elif state.join not in _JOINS:
        node.online = state.crmd or state.in_ccm
        cluster.demand_fencing(node, "peer is in an unknown state")
    elif terminate and not state.in_ccm and not state.crmd and state.join == "down":
        pass  # it was terminated, as somebody asked for
    elif not state.in_ccm and (node.expected_up or terminate):
        cluster.demand_fencing(node, "peer is no longer part of the cluster")
    elif not state.crmd and node.expected_up:
        node.online = True  # the machine is there, but nobody answers
        cluster.demand_fencing(node, "peer process is no longer available")
    elif terminate:
        node.online = state.crmd
        cluster.demand_fencing(node, "peer termination was requested")
    elif not node.expected_up:
        if state.crmd or state.in_ccm:
            _pending(cluster, node, state)  # its machine is there, its hanode isn't yet
    else:
        _expected(cluster, node, state)


def _expected(cluster: Cluster, node: Node, state: NodeState) -> None:
    """It should be a member, and it is there."""
    node.online = True
    if state.join in ("nack", ""):
        cluster.demand_fencing(node, "peer failed to meet the criteria for joining")
    elif state.join != "member":
        _pending(cluster, node, state)


def _pending(cluster: Cluster, node: Node, state: NodeState) -> None:
    node.online = state.in_ccm
    node.pending = True
    limit = cluster.options.pending_timeout_s
    since = max(state.crmd_since, state.ccm_since)
    if limit and since:
        if cluster.now - since >= limit:
            cluster.demand_fencing(node, "peer is pending for too long")
        else:
            cluster.recheck_at(since + limit, f"{node.name} is pending")

"""Whether a cluster node is up, on its way, down in order, or unclean.

A node is unclean when it may still run something without our being able to ask it. With
fencing enabled each such case demands its fencing; without, a lost node is just offline.
"""

from __future__ import annotations

from hanode.cib.reading import is_true
from hanode.cib.status import NodeState
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node


def judge_membership(cluster: Cluster, node: Node, state: NodeState) -> None:
    """Set online, pending, unclean, shutdown."""
    node.expected_up = state.expected == "member"
    if _since(node.attributes.get("shutdown", "0")) > 0:
        node.shutdown = True
        node.expected_up = False
    if cluster.options.fencing_enabled:
        _with_fencing(cluster, node, state)
    else:
        _without_fencing(cluster, node, state)


def _since(text: str) -> int:
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
    terminate = _since(node.attributes.get("terminate", "0")) > 0
    online = state.crmd
    if node.shutdown:
        node.online = online
        if not state.in_ccm and state.expected == "member" and not online and state.join != "down":
            cluster.demand_fencing(node, "peer is no longer part of the cluster")
        return
    if not state.in_ccm:
        if node.expected_up or terminate or online:
            cluster.demand_fencing(node, "peer is no longer part of the cluster")
        return
    if not online:
        if node.expected_up:
            cluster.demand_fencing(node, "peer process is no longer available")
        elif terminate:
            cluster.demand_fencing(node, "peer termination was requested")
        else:
            _pending(cluster, node, state)  # its machine is there, its hanode isn't yet
        return
    if terminate:
        node.online = True
        cluster.demand_fencing(node, "peer termination was requested")
        return
    if state.join == "nack":
        node.online = True
        cluster.demand_fencing(node, "peer failed to meet the criteria for joining")
        return
    node.online = True
    if state.join != "member":
        _pending(cluster, node, state)


def _pending(cluster: Cluster, node: Node, state: NodeState) -> None:
    node.pending = True
    limit = cluster.options.pending_timeout_s
    since = max(state.crmd_since, state.ccm_since)
    if limit and since:
        if cluster.now - since >= limit:
            cluster.demand_fencing(node, "peer is pending for too long")
        else:
            cluster.recheck_at(since + limit, f"{node.name} is pending")

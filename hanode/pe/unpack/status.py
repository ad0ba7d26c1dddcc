"""What is true: the nodes' conditions first, then what their histories say.

Remote and guest nodes are known only once the histories of the cluster nodes have said
whether their connections are up, so they come after, until nothing new is learned.
"""

from __future__ import annotations

from hanode.cib.reading import is_true
from hanode.cib.score import read
from hanode.cib.status import NodeState
from hanode.pe.model.cluster import Cluster, Ticket
from hanode.pe.model.node import Node, NodeType
from hanode.pe.model.role import Role
from hanode.pe.unpack.history import read_node_history
from hanode.pe.unpack.membership import asked_since, judge_membership
from hanode.pe.unpack.nodes import implicit_node


def unpack_status(cluster: Cluster) -> None:
    """Fill nodes' conditions, tickets and resources' states."""
    _tickets(cluster)
    _unseen(cluster)
    states = _states(cluster)
    for node, state in states:
        if not node.is_remote:
            judge_membership(cluster, node, state)
    _histories(cluster, states)
    for node in cluster.nodes.values():
        if node.is_remote:
            _remote_condition(node)


def _tickets(cluster: Cluster) -> None:
    for state in cluster.cib.status.tickets:
        cluster.tickets[state.id] = Ticket(
            state.id,
            state.granted,
            state.standby,
            state.last_granted,
            tuple(state.attributes.items()),
        )


def _unseen(cluster: Cluster) -> None:
    """A node that nobody has seen may be running anything, unless the operator says no."""
    for node in cluster.nodes.values():
        if node.is_remote:
            pass
        elif cluster.options.startup_fencing and cluster.options.fencing_enabled:
            cluster.demand_fencing(node, "node was never seen")


def _states(cluster: Cluster) -> list[tuple[Node, NodeState]]:
    found = []
    for state in cluster.cib.status.nodes:
        node = cluster.nodes_by_id.get(state.id) or cluster.nodes.get(state.name)
        if node is None:
            node = _unconfigured(cluster, state)
        if node is not None:
            node.attributes.update(state.attributes)
            for name, value in state.utilization.items():
                node.utilization[name] = read(value)
            node.remote_was_fenced = state.fenced
            if not node.is_remote:
                node.unseen = state.unseen
                if not state.unseen:
                    node.unclean = False
                    node.fence_reasons.clear()
            found.append((node, state))
            _wishes(node)
    return found


def _unconfigured(cluster: Cluster, state: NodeState) -> Node | None:
    """A node that is no longer configured, yet has a state: is it still alive?"""
    if not state.uname:
        return None
    kind: NodeType | None = _kind_once(cluster, state.uname) if state.remote else "member"
    if kind is None:
        return None
    cluster.warn(f'node "{state.uname}" has a state but is not configured')
    node = implicit_node(state.uname, kind, cluster.options)
    node.id = state.id
    node.known = True
    cluster.nodes[node.name] = node
    cluster.nodes_by_id.setdefault(node.id, node)
    return node


def _kind_once(cluster: Cluster, name: str) -> NodeType | None:
    """What it was by the history of its connection, though none is configured any more."""
    for state in cluster.cib.status.nodes:
        for history in () if state.remote else state.history:
            if history.id == name and history.type == "remote":
                return "guest" if history.container else "remote"
    return None


def _wishes(node: Node) -> None:
    """What operators said about the node by attributes."""
    node.standby = is_true(node.attributes.get("standby", "false"))
    node.maintenance = is_true(node.attributes.get("maintenance", "false"))
    value = node.attributes.get("resource-discovery-enabled")
    node.discovery = value is None or is_true(value)


def _histories(cluster: Cluster, states: list[tuple[Node, NodeState]]) -> None:
    waiting = list(states)
    while True:
        later = []
        for node, state in waiting:
            if _readable(cluster, node):
                read_node_history(cluster, node, state)
            else:
                later.append((node, state))
        if len(later) == len(waiting):
            break
        waiting = later
    for node, state in later:
        if _hopeless_but_known(cluster, node):
            read_node_history(cluster, node, state)


def _readable(cluster: Cluster, node: Node) -> bool:
    """Whether what its history says can be judged already."""
    if not node.is_remote:
        return node.online or cluster.options.fencing_enabled
    _remote_condition(node)
    connection = node.connection
    if connection is None:
        return False
    if connection.role == Role.STARTED and connection.active:
        return True
    container = connection.container
    return node.is_guest and container is not None and container.role == Role.STARTED


def _hopeless_but_known(cluster: Cluster, node: Node) -> bool:
    """A remote node without connection: with fencing, its history still binds us."""
    return cluster.options.fencing_enabled and node.is_remote and node.connection is not None


def _remote_condition(node: Node) -> None:
    """A remote node is as well as its connection."""
    connection = node.connection
    if connection is None:
        node.online = False
        return
    container = connection.container
    if connection.role == Role.STARTED and connection.active:
        node.online = True
        node.unseen = False
        if asked_since(node.attributes.get("shutdown", "0")) > 0:
            connection.next_target = Role.STOPPED  # it wants to leave
    if connection.role == Role.STARTED and connection.next_target == Role.STOPPED:
        node.shutdown = True
    if container is not None and container.failed:
        node.online = False
        node.remote_requires_reset = True
    elif (
        connection.failed
        or connection.role == Role.STOPPED
        or (container is not None and container.role == Role.STOPPED)
    ):
        node.online = False
    elif (
        container is not None
        and len(connection.active) == 1
        and connection.active[0].unclean
        and not connection.active[0].online
    ):
        node.online = False
        node.remote_requires_reset = True

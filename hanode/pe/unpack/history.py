"""What a node's history says about its resources.

Each result, in the order in which the operations were called, moves the resource's role
on that node; a failed one adds a reaction (`on-fail`). After the last one the state is
noted on the resource.
"""

from __future__ import annotations

from hanode.cib.status import DONE, PENDING, NodeState, Operation, ResourceHistory
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.unpack.digests import check_parameters, compare
from hanode.pe.unpack.expiry import expired
from hanode.pe.unpack.failed import record_failure
from hanode.pe.unpack.identify import identify
from hanode.pe.unpack.migrations import may_have_arrived
from hanode.pe.unpack.onfail import Reaction, reaction_to
from hanode.pe.unpack.results import Verdict, judge
from hanode.pe.unpack.state import conclude
from hanode.pe.unpack.succeeded import succeeded


class Reading:
    """One resource's history on one node while it is read."""

    __slots__ = (
        "astray",
        "failed",
        "failed_watch",
        "ignored",
        "left_over",
        "node",
        "operations",
        "reaction",
        "resource",
        "role",
    )

    def __init__(self, resource: Resource, node: Node, operations: tuple[Operation, ...]) -> None:
        self.resource = resource
        self.node = node
        self.operations = operations
        self.role = Role.UNKNOWN
        self.reaction = Reaction.IGNORE
        self.failed = False
        self.failed_watch = ("", 0)  # task and interval of the last failure
        self.ignored = False
        self.astray = False  # its migration didn't get it to where it was to go
        self.left_over = False  # a migration may have left something to be cleaned up

    def activate(self) -> None:
        """It runs, in the lowest role in which one can run."""
        self.role = Role.UNPROMOTED if self.resource.promotable else Role.STARTED


def read_node_history(cluster: Cluster, node: Node, state: NodeState) -> None:
    """All resources in one node's history."""
    node.known_history = bool(state.history)
    for history in state.history:
        if not _nothing_ever_ran(cluster, node, history):
            _read_resource(cluster, node, history, by_call(history.operations))


def _nothing_ever_ran(cluster: Cluster, node: Node, history: ResourceHistory) -> bool:
    """A probe alone that found nothing is by far the most frequent history, so it has a short way.

    Only for what is simple besides: known by this very name, with the agent that is configured.
    """
    operations = history.operations
    if len(operations) != 1 or history.shutdown_lock:
        return False
    found = operations[0]
    if found.rc != 7 or found.task != "monitor" or found.interval_ms or found.status != DONE:
        return False
    resource = cluster.by_id.get(history.id)
    if resource is None or resource.number >= 0 or resource.kind != "primitive" or resource.orphan:
        return False
    if history[1:4] != resource.agent or found.is_last_failure:
        return False
    resource.known_as[node.name] = history.id
    resource.known[node.name] = node
    cluster.history[resource.id, node.name] = operations
    return True


def by_call(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """In the order of their calls, of one call the older result first.

    One that is under way has no call yet: its transition says when it was asked for.
    """
    if len(operations) < 2:
        return operations
    found = sorted((op for op in operations if op.call_id >= 0), key=_call)
    for operation in operations:
        if operation.call_id < 0:
            found.insert(_place(found, operation), operation)
    return tuple(found)


def _call(operation: Operation) -> tuple[int, int]:
    return operation.call_id, operation.last_rc_change


def _transition(operation: Operation) -> tuple[str, int]:
    parts = operation.transition_key.split(":")
    if len(parts) < 4 or not parts[1].isdecimal():
        return "", -1
    return parts[3], int(parts[1][:18])


def _place(found: list[Operation], pending: Operation) -> int:
    asker, number = _transition(pending)
    if number >= 0:
        for at, operation in enumerate(found):
            other, later = _transition(operation)
            if other == asker and later > number:
                return at
    return len(found)


def _read_resource(
    cluster: Cluster, node: Node, history: ResourceHistory, operations: tuple[Operation, ...]
) -> None:
    resource = identify(cluster, node, history)
    if resource is None:
        return
    if history.shutdown_lock and cluster.options.shutdown_lock:
        _lock(cluster, resource, node, history)
    resource.known_as[node.name] = history.id
    if not operations:
        return
    _compare_agents(resource, node, history)
    cluster.history[resource.id, node.name] = operations
    reading = Reading(resource, node, operations)
    for operation in operations:
        read_operation(cluster, reading, operation)
    conclude(cluster, reading)
    if node in resource.active and not resource.orphan and node.serves():
        check_parameters(cluster, resource, node, operations)


def _compare_agents(resource: Resource, node: Node, history: ResourceHistory) -> None:
    """What runs under another agent than the configured one has to be started anew."""
    if (resource.orphan and resource.instance_of is None) or not history.type:
        return
    was = (history.class_, history.provider, history.type)
    if was != resource.agent:
        resource.other_agent_on.append(node.name)
        resource.needs_restart = True


def _lock(cluster: Cluster, resource: Resource, node: Node, history: ResourceHistory) -> None:
    """A node that was shut down keeps its resources for its return, for a time."""
    limit = cluster.options.shutdown_lock_limit_s
    if limit and cluster.now > history.shutdown_lock + limit:
        cluster.clear_failcounts[f"lrm_delete {resource.id}", node.name] = (
            resource,
            node,
            "shutdown lock expired",
        )
        return
    if limit:
        cluster.recheck_at(history.shutdown_lock + limit, f"shutdown lock of {resource.label}")
    resource.locked_to = node


def read_operation(cluster: Cluster, reading: Reading, operation: Operation) -> None:
    """What one result says."""
    resource, node = reading.resource, reading.node
    if operation.status == PENDING:
        _under_way(cluster, reading, operation)
        return
    verdict = judge(resource, operation)
    if verdict is Verdict.IGNORED:
        return
    outdated = _outdated(cluster, reading, operation)
    failed = verdict is not Verdict.DONE
    if failed and expired(cluster, resource, node, operation):
        if operation.interval_ms and not operation.is_last_failure:
            resource.rewatch.append((node.name, operation.task, operation.interval_ms))
        return
    if not failed:
        succeeded(cluster, reading, operation)
        return
    if outdated and verdict is Verdict.FAILED:
        return
    reaction = reaction_to(cluster, resource, operation)
    record_failure(cluster, reading, operation, verdict, reaction)


def _outdated(cluster: Cluster, reading: Reading, operation: Operation) -> bool:
    """It failed with parameters that are not the present ones, which deserve a new chance."""
    resource, node = reading.resource, reading.node
    if not operation.is_last_failure or not operation.digest:
        return False
    if operation.task not in ("start", "monitor"):
        return False
    if resource.orphan or compare(cluster, resource, node, operation, lenient=False) == "same":
        return False
    why = "its parameters have changed since it failed"
    cluster.clear_failcounts[resource.id, node.name] = (resource, node, why)
    cluster.forgiven.add((resource.id, node.name))  # it may go there at once
    return True


def _under_way(cluster: Cluster, reading: Reading, operation: Operation) -> None:
    resource = reading.resource
    match operation.task:
        case "start":
            resource.start_pending = True
            reading.activate()
        case "promote":
            reading.role = Role.PROMOTED
        case "migrate_from" if reading.node.is_remote and not reading.node.online:
            reading.activate()  # nobody can look whether it has arrived
        case "migrate_to" if reading.node.unclean:
            may_have_arrived(cluster, reading, operation)
    if operation.task != "monitor" or operation.interval_ms == 0:
        resource.pending = operation.task
        resource.pending_node = reading.node.name

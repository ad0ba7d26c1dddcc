"""Fail counts, and when a failure is old enough to be forgotten (`failure-timeout`)."""

from __future__ import annotations

from hanode.cib.score import INFINITY, add, read
from hanode.cib.status import Operation
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.operations import find_operation, on_fail_word


def fail_count(
    cluster: Cluster, resource: Resource, node: Node, effective: bool = True
) -> tuple[int, int]:
    """How often it failed there, and when last; `effective`: expired failures don't count."""
    count, last = 0, 0
    counts = _counts(cluster, node)
    if not counts:
        return 0, 0
    for name in _names(resource, node):
        got, when = counts.get(name, (0, 0))
        count, last = add(count, got), max(last, when)
    timeout = resource.failure_timeout_ms // 1000
    if effective and count and timeout and last > 0:
        if cluster.now > last + timeout and not _blocks(cluster, resource, node):
            return 0, last
        cluster.recheck_at(last + timeout + 1, f"failures of {resource.label} expire")
    return count, last


def failing_nodes(cluster: Cluster) -> list[Node]:
    """The nodes on which anything at all has failed."""
    return [node for node in cluster.nodes.values() if _counts(cluster, node)]


def _names(resource: Resource, node: Node) -> tuple[str, ...]:
    if resource.unique or resource.number < 0:
        return (resource.id,)
    known = resource.known_as.get(node.name, resource.base)
    return tuple(dict.fromkeys((resource.base, known)))


def _counts(cluster: Cluster, node: Node) -> dict[str, tuple[int, int]]:
    """Sums over operations (`fail-count-NAME#OP_MS`, and the plain old name) by resource."""
    found = cluster.failcounts.get(node.name)
    if found is None:
        found = {}
        for key, value in node.attributes.items():
            if key.startswith("fail-count-"):
                name = key[11:].partition("#")[0]
                count, last = found.get(name, (0, 0))
                found[name] = (add(count, read(value)), last)
            elif key.startswith("last-failure-"):
                name = key[13:].partition("#")[0]
                count, last = found.get(name, (0, 0))
                found[name] = (count, max(last, read_time(value)))
        cluster.failcounts[node.name] = found
    return found


def read_time(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return INFINITY if text == "INFINITY" else 0


def _blocks(cluster: Cluster, resource: Resource, node: Node) -> bool:
    """A failure that blocks must be looked at by a person: it never expires by itself."""
    for operation in cluster.history.get((resource.id, node.name), ()):
        if operation.status == 0 and _fine(operation):
            continue
        configured = find_operation(resource, operation.task, operation.interval_ms)
        word = on_fail_word(cluster, resource, configured, operation.task, operation.interval_ms)
        if word == "block":
            return True
    return False


def _fine(operation: Operation) -> bool:
    """Expected, or the answer to a probe, which expects nothing."""
    probe = operation.task == "monitor" and not operation.interval_ms
    ordinary = (0, 7, 8, 190, 191) if probe else (0, 190, operation.expected_rc)
    return operation.rc in ordinary


def expired(cluster: Cluster, resource: Resource, node: Node, operation: Operation) -> bool:
    """Whether this failure is to be forgotten; asks for clearing its fail count if so."""
    timeout = resource.failure_timeout_ms // 1000
    if timeout and operation.last_rc_change:
        if cluster.now < operation.last_rc_change + timeout:
            cluster.recheck_at(
                operation.last_rc_change + timeout, f"failure of {resource.label} expires"
            )
            return False
        count, _ = fail_count(cluster, resource, node, effective=False)
        if count:
            left, _ = fail_count(cluster, resource, node)
            if left:
                return False
            cluster.clear_failcounts[resource.id, node.name] = (resource, node, "it expired")
            if resource.reconnects_later and not _was_fenced(resource):
                return False  # what it tells of its node is forgotten only once that is fenced
        elif (
            operation.is_last_failure and operation.task == "monitor" and not operation.interval_ms
        ):
            return False
        return True
    return False


def _was_fenced(connection: Resource) -> bool:
    return connection.remote_node is not None and connection.remote_node.remote_was_fenced


def forgive_failures(cluster: Cluster, resource: Resource, node: Node) -> None:
    """A changed definition deserves a new chance: failures there are forgotten, if any."""
    count, _ = fail_count(cluster, resource, node, effective=False)
    if count:
        why = "its definition has changed since it failed"
        cluster.clear_failcounts.setdefault((resource.id, node.name), (resource, node, why))

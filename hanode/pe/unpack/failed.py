"""What a failed result says: the role that it leaves, where it bans, how we have to react."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.status import Operation
from hanode.pe.model.cluster import Cluster, Failure
from hanode.pe.model.role import Role
from hanode.pe.unpack.migrations import migrated_to, push_failed, receipt_failed
from hanode.pe.unpack.onfail import Reaction
from hanode.pe.unpack.results import Verdict

if TYPE_CHECKING:
    from hanode.pe.unpack.history import Reading


def record_failure(
    cluster: Cluster, reading: Reading, operation: Operation, verdict: Verdict, reaction: Reaction
) -> None:
    resource, node = reading.resource, reading.node
    # That it isn't installed is a finding; there is nothing to make light of.
    ignored = reaction is Reaction.IGNORE and verdict is not Verdict.NOT_HERE
    cluster.failures.append(Failure(resource, node, operation, ignored))
    if verdict in (Verdict.NODE_FATAL, Verdict.CLUSTER_FATAL, Verdict.NOT_HERE) and not ignored:
        _ban(cluster, reading, operation, verdict)
    if ignored:
        reading.ignored = True
        _as_if_fine(cluster, reading, operation)
        return
    _role_after_failure(cluster, reading, operation, reaction)
    if verdict is Verdict.NOT_HERE:
        return
    reading.failed = True
    reading.failed_watch = (operation.task, operation.interval_ms)
    reading.reaction = max(reading.reaction, reaction)


def _as_if_fine(cluster: Cluster, reading: Reading, operation: Operation) -> None:
    """A failure that is to be ignored counts as the success that was wanted."""
    match operation.task:
        case "stop":
            reading.role = Role.STOPPED
        case "promote":
            reading.role = Role.PROMOTED
        case "demote":
            reading.role = Role.UNPROMOTED
        case "migrate_to":
            migrated_to(cluster, reading, operation)
        case "monitor" if operation.rc in (8, 9) or operation.expected_rc == 8:
            reading.role = Role.PROMOTED
        case _:
            if reading.role < Role.STARTED:
                reading.activate()


def _ban(cluster: Cluster, reading: Reading, operation: Operation, verdict: Verdict) -> None:
    """An error that would come again on this node (or on every node)."""
    resource, node = reading.resource, reading.node
    if operation.task == "stop" and verdict is Verdict.NODE_FATAL:
        return
    why = f"{operation.task} of {resource.label} on {node.name} failed for good"
    if verdict is Verdict.CLUSTER_FATAL:
        for other in cluster.nodes.values():
            cluster.failed_bans.append((resource, other, why))
    else:
        cluster.failed_bans.append((resource, node, why))


def _role_after_failure(
    cluster: Cluster, reading: Reading, operation: Operation, reaction: Reaction
) -> None:
    match operation.task:
        case "promote":
            reading.role = Role.PROMOTED
            return
        case "demote":
            if reaction is Reaction.BLOCK:
                reading.role = Role.PROMOTED
            else:
                reading.role = Role.UNPROMOTED
            return
        case "migrate_to":
            push_failed(cluster, reading, operation)
            return
        case "migrate_from":
            receipt_failed(cluster, reading, operation)
            return
        case "monitor" if operation.rc in (8, 9, 191):
            reading.role = Role.PROMOTED
            return
        case "monitor" if operation.interval_ms == 0 and operation.rc in (2, 5):
            # Not even installed, or called with parameters that it refuses: it can't run.
            if reading.role == Role.UNKNOWN:
                reading.role = Role.STOPPED
            return
        case "stop" if reaction is Reaction.CONTAINER:
            reading.role = Role.STOPPED  # the container's restart will end it
            return
        case "stop":
            cluster.failed_bans.append(
                (reading.resource, reading.node, f"{reading.resource.label} failed to stop there")
            )
    if operation.rc in (8, 9):
        reading.role = Role.PROMOTED  # whatever was tried, that is what was found
    elif reading.role < Role.STARTED:
        reading.activate()

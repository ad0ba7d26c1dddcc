"""What is known after a live migration, which has a half on each of two nodes.

`migrate_to` on the source pushes, `migrate_from` on the target receives, a stop on the
source cleans up. Any of them may be missing, under way or failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.status import DONE, PENDING, Operation
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.role import Role
from hanode.pe.unpack.onfail import Reaction

if TYPE_CHECKING:
    from hanode.pe.unpack.history import Reading


def _operations(cluster: Cluster, name: str, node: Node) -> list[Operation]:
    """A node's history of one resource, as the status has it."""
    for state in cluster.cib.status.nodes:
        if state.name == node.name or state.id == node.id:
            for history in state.history:
                if history.id == name:
                    from hanode.pe.unpack.history import by_call

                    return list(by_call(history.operations))
    return []


def _last(operations: list[Operation], *tasks: str) -> Operation | None:
    for operation in reversed(operations):
        if operation.task in tasks:
            return operation
    return None


def _newer_state_than(
    operations: list[Operation], migration: Operation, own: bool
) -> Operation | None:
    """An operation that says something later about the state."""
    for operation in reversed(operations):
        if operation.task in ("start", "stop", "migrate_from", "migrate_to"):
            return operation
        if operation.task == "monitor" and operation.interval_ms == 0 and operation.rc in (0, 7, 8):
            return operation
    return None


def migrated_to(
    cluster: Cluster, reading: Reading, operation: Operation, failed: bool = False
) -> None:
    """The source's half is over; what became of the target's?"""
    resource, source = reading.resource, reading.node
    target = cluster.nodes.get(operation.migrate_target)
    if target is None or target is source:
        reading.activate()
        return
    if _stopped_since(reading, operation) and not failed:
        reading.activate()  # it was cleaned up; what the target has to say, it says itself
        return
    there = _operations(cluster, resource.name, target)
    received = _last(there, "migrate_from")
    stopped = _last(there, "stop")
    started = _last(there, "start")
    if failed:
        reading.activate()
        # The target may have received it all the same, unless it says later how it is there.
        decisive = _decisive(there)
        if target.online and (decisive is None or not _later(decisive, operation)):
            _active_on_target(reading, target)
        return
    decisive = _decisive(there)
    if (
        received is not None
        and (received.rc != 0 or not _older(received, stopped))
        and not _older(received, started)
    ):
        if received.status == PENDING:
            _partial(reading, target)
        elif received.rc == 0 and received.status == DONE:
            # Complete: only the source's clean-up is missing.
            reading.role = Role.STOPPED
            resource.dangling.append(source)
        elif decisive is not None and decisive.task == "stop" and target.online:
            # It didn't arrive, and the target has cleaned up after it.
            reading.activate()
            reading.failed = True
            reading.reaction = max(reading.reaction, Reaction.RESTART)
        else:
            reading.activate()
            if target.online:
                _active_on_target(reading, target)
        return
    decisive = _decisive(there)
    if (
        decisive is not None
        and not _is_active(decisive)
        and target.online
        and _later(decisive, operation)
    ):
        # The target says that it hasn't got it (any more); the source gave it away.
        reading.role = Role.STOPPED
        return
    if target.online or target.unclean:
        if target.online:
            _partial(reading, target)
        else:
            reading.activate()
            _active_on_target(reading, target)
    else:
        reading.activate()
        reading.failed = True


def may_have_arrived(cluster: Cluster, reading: Reading, operation: Operation) -> None:
    """The source was lost while it pushed: the target has to make sure that it's stopped."""
    target = cluster.nodes.get(operation.migrate_target)
    if target is not None and target is not reading.node:
        reading.resource.dangling.append(target)


def _stopped_since(reading: Reading, migration: Operation) -> bool:
    later = reading.operations[reading.operations.index(migration) + 1 :]
    return any(op.task == "stop" and op.rc == 0 and op.status == DONE for op in later)


def _partial(reading: Reading, target: Node) -> None:
    """It is on both nodes: going on is better than beginning anew."""
    resource = reading.resource
    reading.activate()
    if target.online:
        resource.migration_target = target
        resource.migration_source = reading.node
        _active_on_target(reading, target)


def _active_on_target(reading: Reading, target: Node) -> None:
    resource = reading.resource
    if target not in resource.active:
        resource.active.append(target)
        target.running.append(resource)
        resource.roles_on[target.name] = Role.STARTED


def migrated_from(
    cluster: Cluster, reading: Reading, operation: Operation, failed: bool = False
) -> None:
    """The target's half is over."""
    resource, target = reading.resource, reading.node
    if not failed:
        reading.activate()
        return
    reading.activate()
    source = cluster.nodes.get(operation.migrate_source)
    if source is None or source is target:
        return
    there = _operations(cluster, resource.name, source)
    decisive = _decisive(there)
    if (
        decisive is not None
        and decisive.task in ("migrate_to",)
        and source not in resource.active
        and source.online
    ):
        resource.active.append(source)
        source.running.append(resource)
        resource.roles_on[source.name] = Role.STARTED


def _decisive(operations: list[Operation]) -> Operation | None:
    return _newer_state_than(operations, operations[-1], own=False) if operations else None


def _is_active(operation: Operation) -> bool:
    if operation.task == "stop":
        return operation.rc != 0
    if operation.task == "monitor":
        return operation.rc in (0, 8)
    return True


def _older(first: Operation, second: Operation | None) -> bool:
    return second is not None and second.call_id > first.call_id >= 0


def _later(first: Operation, second: Operation) -> bool:
    """Whether the first was asked for after the second; not when that can't be known."""
    one, two = first.transition_key.split(":"), second.transition_key.split(":")
    if (
        len(one) > 3
        and len(two) > 3
        and one[3] == two[3]
        and one[1].isdecimal()
        and two[1].isdecimal()
        and one[1] != two[1]
    ):
        return int(one[1][:18]) > int(two[1][:18])
    return first.last_rc_change > second.last_rc_change > 0

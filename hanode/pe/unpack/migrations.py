"""What is known after a live migration, which has a half on each of two nodes.

`migrate_to` on the source pushes, `migrate_from` on the target receives, a stop on the
source cleans up. Any of them may be missing, under way or failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.status import DONE, PENDING, Operation
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.unpack.onfail import Reaction

if TYPE_CHECKING:
    from hanode.pe.unpack.history import Reading


def migrated_to(
    cluster: Cluster, reading: Reading, operation: Operation, failed: bool = False
) -> None:
    """The source's half is over; what became of the target's?"""
    target = cluster.nodes.get(operation.migrate_target)
    if target is None or target is reading.node:
        reading.activate()
        return
    if not failed and _stopped_since(reading, operation):
        reading.activate()  # it was cleaned up; what the target has to say, it says itself
        return
    there = _operations(cluster, reading.resource.name, target)
    if failed:
        _push_failed(reading, target, there, operation)
    elif (received := _received(there)) is not None:
        _push_was_received(reading, target, there, received)
    elif _denied(target, there, operation):
        reading.role = Role.STOPPED  # the source gave it away, the target hasn't got it any more
    elif target.online:
        _partial(reading, target)
    else:
        reading.activate()
        if target.unclean:
            _active_on(reading.resource, target)
        else:
            reading.failed = True


def migrated_from(
    cluster: Cluster, reading: Reading, operation: Operation, failed: bool = False
) -> None:
    """The target's half is over."""
    reading.activate()
    source = cluster.nodes.get(operation.migrate_source)
    if not failed or source is None or source is reading.node:
        return
    decisive = _decisive(_operations(cluster, reading.resource.name, source))
    if source.online and decisive is not None and decisive.task == "migrate_to":
        _active_on(reading.resource, source)


def may_have_arrived(cluster: Cluster, reading: Reading, operation: Operation) -> None:
    """The source was lost while it pushed: the target has to make sure that it's stopped."""
    target = cluster.nodes.get(operation.migrate_target)
    if target is not None and target is not reading.node:
        reading.resource.dangling.append(target)


# ------------------------------------------------------------------------------- what became of it


def _push_failed(reading: Reading, target: Node, there: list[Operation], pushed: Operation) -> None:
    """The target may have received it all the same, unless it says later how it is there."""
    reading.activate()
    decisive = _decisive(there)
    if target.online and (decisive is None or not _later(decisive, pushed)):
        _active_on(reading.resource, target)


def _push_was_received(
    reading: Reading, target: Node, there: list[Operation], received: Operation
) -> None:
    decisive = _decisive(there)
    if received.status == PENDING:
        _partial(reading, target)
    elif received.rc == 0 and received.status == DONE:
        # Complete: only the source's clean-up is missing.
        reading.role = Role.STOPPED
        reading.resource.dangling.append(reading.node)
    elif decisive is not None and decisive.task == "stop" and target.online:
        # It didn't arrive, and the target has cleaned up after it.
        reading.activate()
        reading.failed = True
        reading.reaction = max(reading.reaction, Reaction.RESTART)
    else:
        reading.activate()
        if target.online:
            _active_on(reading.resource, target)


def _partial(reading: Reading, target: Node) -> None:
    """It is on both nodes: going on is better than beginning anew."""
    resource = reading.resource
    reading.activate()
    if target.online:
        resource.migration_target = target
        resource.migration_source = reading.node
        _active_on(resource, target)


def _active_on(resource: Resource, node: Node) -> None:
    if node not in resource.active:
        resource.active.append(node)
        node.running.append(resource)
        resource.roles_on[node.name] = Role.STARTED


# -------------------------------------------------------------------------- what the histories say


def _operations(cluster: Cluster, name: str, node: Node) -> list[Operation]:
    """A node's history of one resource, as the status has it."""
    from hanode.pe.unpack.history import by_call

    for state in cluster.cib.status.nodes:
        if state.name == node.name or state.id == node.id:
            for history in state.history:
                if history.id == name:
                    return list(by_call(history.operations))
    return []


def _stopped_since(reading: Reading, migration: Operation) -> bool:
    later = reading.operations[reading.operations.index(migration) + 1 :]
    return any(op.task == "stop" and op.rc == 0 and op.status == DONE for op in later)


def _received(there: list[Operation]) -> Operation | None:
    """The target's half, unless what came later has made it a thing of the past."""
    received = _last(there, "migrate_from")
    if received is None or _older(received, _last(there, "start")):
        return None
    return None if received.rc == 0 and _older(received, _last(there, "stop")) else received


def _denied(target: Node, there: list[Operation], pushed: Operation) -> bool:
    """Whether the target says, later than the source, that it hasn't got it."""
    decisive = _decisive(there)
    if decisive is None or _is_active(decisive) or not target.online:
        return False
    return _later(decisive, pushed)


def _last(operations: list[Operation], task: str) -> Operation | None:
    return next((found for found in reversed(operations) if found.task == task), None)


def _decisive(operations: list[Operation]) -> Operation | None:
    """The last one that says whether it is there."""
    return next((found for found in reversed(operations) if _says_where(found)), None)


def _says_where(operation: Operation) -> bool:
    if operation.task == "monitor":
        return operation.interval_ms == 0 and operation.rc in (0, 7, 8)
    return operation.task in ("start", "stop", "migrate_from", "migrate_to")


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

"""What is known after a live migration, which has a half on each of two nodes.

`migrate_to` on the source pushes, `migrate_from` on the target receives, a stop on the
source cleans up. Any of them may be missing, under way or failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.status import DONE, OURS, PENDING, Operation
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role

if TYPE_CHECKING:
    from hanode.pe.unpack.history import Reading

_MOVES = ("start", "stop", "migrate_to", "migrate_from")


def migrated_to(cluster: Cluster, reading: Reading, pushed: Operation) -> None:
    """The source has pushed; what became of it at the target?"""
    reading.activate()
    target = cluster.nodes.get(pushed.migrate_target)
    if target is reading.node:
        return
    there = _operations(cluster, reading.resource, target)
    received = _received(there, pushed)
    online = target is not None and target.online
    if target is not None and online and received is None and not _speaks_later(there, pushed):
        if not _nothing_known(there):  # else, for all we know, it never left
            _half_way(reading, target)
    elif not _goes_on(list(reading.operations), pushed, ("start", "stop")):
        _judge_receipt(reading, target if online else None, there, received)


def _judge_receipt(
    reading: Reading, target: Node | None, there: list[Operation], received: Operation | None
) -> None:
    """Of a push that the source hasn't cleaned up after; no target if that isn't online."""
    if received is not None and _well(received):
        reading.role = Role.STOPPED  # complete: only the source's clean-up is missing
        reading.left_over = True
    elif target is None or received is None or _taken_away(there, received):
        reading.astray = True  # the target is gone, couldn't receive it or goes its own way
    elif received.status != PENDING:
        _active_on(reading.resource, target)
    elif not _nothing_known(there):
        _half_way(reading, target)


def push_failed(cluster: Cluster, reading: Reading, pushed: Operation) -> None:
    """The source couldn't push; the target may have got it all the same, unless it denies."""
    reading.activate()
    target = cluster.nodes.get(pushed.migrate_target)
    if target is None or target is reading.node:
        return
    there = _operations(cluster, reading.resource, target)
    received = _received(there, pushed)
    if received is not None and _well(received):
        denied = _goes_on(there, received, ("start", "stop"))
    else:
        denied = _nothing_known(there) or _speaks_later(there, pushed)
    if denied:
        reading.left_over = True
    elif target.online:
        _active_on(reading.resource, target)


def receipt_failed(cluster: Cluster, reading: Reading, received: Operation) -> None:
    """The target couldn't receive, so the source may have it still, unless it says otherwise."""
    reading.activate()
    source = cluster.nodes.get(received.migrate_source)
    if source is None or source is reading.node or not source.online:
        return
    there = _operations(cluster, reading.resource, source)
    pushed = _pushed(there, received)
    denied = _taken_away(there, pushed) if pushed is not None else _speaks_later(there, received)
    if not denied and not _nothing_known(there):
        _active_on(reading.resource, source)


def may_have_arrived(cluster: Cluster, reading: Reading, operation: Operation) -> None:
    """The source was lost while it pushed: the target has to make sure that it's stopped."""
    target = cluster.nodes.get(operation.migrate_target)
    if target is not None and target is not reading.node:
        reading.resource.dangling.append(target)


# ------------------------------------------------------------------------------- what became of it


def _half_way(reading: Reading, target: Node) -> None:
    """It is on both nodes: going on is better than beginning anew, while the source lasts."""
    resource, source = reading.resource, reading.node
    if source.online:
        resource.migration_target = target
        resource.migration_source = source
        resource.role = max(resource.role, reading.role)
    _active_on(resource, target)


def _active_on(resource: Resource, node: Node) -> None:
    if node not in resource.active:
        resource.active.append(node)
        node.running.append(resource)
        resource.roles_on[node.name] = Role.STARTED


# -------------------------------------------------------------------------- what the histories say


def _operations(cluster: Cluster, resource: Resource, node: Node | None) -> list[Operation]:
    """Another node's history of it, as the status has it.

    Nothing of an anonymous clone: what another node says is said of another instance.
    """
    from hanode.pe.unpack.history import by_call

    clone = resource.clone()
    if node is None or (clone is not None and not clone.unique):
        return []
    for state in cluster.cib.status.nodes:
        if state.name == node.name or state.id == node.id:
            for history in state.history:
                if history.id == resource.name:
                    return list(by_call(history.operations))
    return []


def _received(there: list[Operation], pushed: Operation) -> Operation | None:
    """The target's half of this very migration; one that failed, only if nobody knows when."""
    for found in reversed(there):
        if found.task != "migrate_from" or found.migrate_source != pushed.migrate_source:
            continue
        timed = found.last_rc_change > 0 and pushed.last_rc_change > 0
        if _well(found) or found.status == PENDING or not timed:
            return found
    return None


def _pushed(there: list[Operation], received: Operation) -> Operation | None:
    """The source's half of this very migration, if it didn't fail."""
    for found in reversed(there):
        if found.task == "migrate_to" and found.migrate_target == received.migrate_target:
            return found if found.status == PENDING or _well(found) else None
    return None


def _well(operation: Operation) -> bool:
    return operation.rc == 0 and operation.status == DONE


def _nothing_known(there: list[Operation]) -> bool:
    """Whether the node would have to be probed: it has said nothing yet, or is about to."""
    return all(found.status == PENDING and found.task != "start" for found in there)


def _takes_away(operation: Operation) -> bool:
    """Whether what the migration left isn't the last word any more after this.

    A recurring monitor that fails only says that it failed where it was.
    """
    probe = operation.task == "monitor" and operation.interval_ms == 0
    return operation.task in _MOVES or (probe and operation.rc == 7)


def _taken_away(there: list[Operation], after: Operation) -> bool:
    """Whether the same node itself did so afterwards."""
    return any(_takes_away(found) for found in there[there.index(after) + 1 :])


def _goes_on(there: list[Operation], after: Operation, tasks: tuple[str, ...]) -> bool:
    """Whether the same node did, or does, one of these afterwards."""
    return any(found.task in tasks for found in there[there.index(after) + 1 :])


def _speaks_later(there: list[Operation], than: Operation) -> bool:
    """Whether another node did something with it later, or found that it doesn't run there."""
    return any(_takes_away(found) and _later(found, than) for found in there)


def _later(first: Operation, second: Operation) -> bool:
    """Whether the first was done after the second, on another node; not when that can't be known.

    The nodes' clocks say so; where the same DC has asked for both, its transitions mustn't deny it.
    Our own are numbered through all DCs, and say it alone.
    """
    one, two = first.transition_key.split(":"), second.transition_key.split(":")
    if len(one) > 3 and len(two) > 3 and one[3] == two[3]:
        numbers = one[1], two[1]
        if all(number.isdecimal() for number in numbers):
            before, after = int(two[1][:18]), int(one[1][:18])
            if one[3] == OURS or after < before:
                return after > before
    return first.last_rc_change > second.last_rc_change > 0

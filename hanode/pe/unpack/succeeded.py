"""What a good result says: the role that it leaves, and which failures it makes up for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.status import Operation
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.role import Role
from hanode.pe.unpack.migrations import migrated_to
from hanode.pe.unpack.onfail import Reaction

if TYPE_CHECKING:
    from hanode.pe.unpack.history import Reading


def succeeded(cluster: Cluster, reading: Reading, operation: Operation) -> None:
    """What one good result says about the role, and whether it makes up for failures.

    A start, a stop, a promotion and the end of a migration make up for whatever failed
    before; a recurring monitor only for its own failure. A demotion does so only where it
    is the whole remedy: under `on-fail=demote`, which Pacemaker Explained ("Operation
    Properties") defines as a demotion without a full restart. Under any other it is the
    first step of the restart that is still due. Checked against crm_simulate for each
    `on-fail` and each result of the demotion.
    """
    clears = False
    if operation.rc == 7 and operation.task in ("start", "promote", "demote"):
        reading.role = Role.STOPPED  # whoever asked for it expected that
        return
    match operation.task:
        case "monitor":
            clears = _watched(reading, operation)
        case "start":
            reading.activate()
            clears = True
            reading.astray = reading.left_over = False
        case "stop":
            reading.role = Role.STOPPED
            clears = True
            reading.astray = reading.left_over = False
        case "promote":
            reading.role = Role.PROMOTED
            clears = True
        case "demote":
            reading.role = Role.UNPROMOTED
            clears = reading.reaction is Reaction.DEMOTE
        case "migrate_to":
            migrated_to(cluster, reading, operation)
        case "migrate_from":
            reading.activate()
            clears = True
        case _:
            if reading.role < Role.STARTED and operation.task not in ("notify", "meta-data"):
                reading.activate()
    if clears:
        _forgive(reading, operation)


def _watched(reading: Reading, operation: Operation) -> bool:
    """What a look found; True if that makes up for a failure."""
    probe = operation.interval_ms == 0
    if operation.rc in (8, 191):
        reading.role = Role.PROMOTED
        return operation.expected_rc in (8, 191) and operation.interval_ms > 0
    if operation.rc == 7:
        reading.role = Role.STOPPED
        return probe
    if reading.role < Role.STARTED or (probe and reading.role == Role.PROMOTED):
        reading.activate()
    return reading.failed_watch == (operation.task, operation.interval_ms)


def _forgive(reading: Reading, operation: Operation) -> None:
    """What a later success makes up for."""
    match reading.reaction:
        case Reaction.STOP | Reaction.BAN | Reaction.STANDBY | Reaction.FENCE:
            return
        case Reaction.DEMOTE if operation.task == "monitor" and operation.interval_ms == 0:
            return
    reading.reaction = Reaction.IGNORE
    reading.failed = False
    reading.ignored = False

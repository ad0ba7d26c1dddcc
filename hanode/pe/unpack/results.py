"""What an operation's result means, given what was expected of it."""

from __future__ import annotations

from enum import Enum, auto

from hanode.cib.status import (
    CANCELLED,
    DONE,
    ERROR,
    ERROR_FATAL,
    ERROR_HARD,
    NOT_INSTALLED,
    NOT_SUPPORTED,
    Operation,
)
from hanode.pe.model.resource import Resource

_FINE = (0, 190)
_PROMOTED = (8, 191)
_DEGRADED = ((190, 0), (191, 8))  # it serves, but not well


class Verdict(Enum):
    DONE = auto()
    FAILED = auto()
    NODE_FATAL = auto()  # it would fail on this node again
    CLUSTER_FATAL = auto()  # it would fail on every node
    NOT_HERE = auto()  # a probe found that it isn't even installed
    IGNORED = auto()


def judge(resource: Resource, operation: Operation) -> Verdict:
    """The verdict on one finished operation."""
    if operation.status == CANCELLED:
        return Verdict.IGNORED
    if operation.task in ("notify", "meta-data"):
        return Verdict.IGNORED
    probe = operation.task == "monitor" and operation.interval_ms == 0
    if operation.status in (DONE, ERROR) and _as_wanted(resource, operation, probe):
        return Verdict.DONE
    if operation.status == DONE or (operation.status == ERROR and operation.rc not in (0, 7)):
        return _by_code(operation, probe)
    if operation.status == NOT_INSTALLED:
        return Verdict.NOT_HERE if probe else Verdict.NODE_FATAL
    if operation.status == ERROR_HARD:
        return Verdict.NOT_HERE if probe and operation.rc == 5 else Verdict.NODE_FATAL
    if operation.status == ERROR_FATAL:
        return Verdict.CLUSTER_FATAL
    if operation.status == NOT_SUPPORTED and operation.task == "start":
        return Verdict.NODE_FATAL
    return Verdict.FAILED


def _as_wanted(resource: Resource, operation: Operation, probe: bool) -> bool:
    rc, expected = operation.rc, operation.expected_rc
    if rc == 7 and not resource.managed:
        return True  # somebody stopped by hand what isn't ours to manage
    if probe and rc in (0, 7, 8, 190, 191):
        return True
    if operation.status == ERROR:
        return rc == expected
    if expected < 0:
        if rc == 7:
            return operation.task == "stop"
        return rc in _FINE or rc in _PROMOTED
    if rc == expected:
        return True
    if operation.task == "monitor" and (rc, expected) in _DEGRADED:
        return True
    return rc == 0 and operation.task not in ("monitor",)


def _by_code(operation: Operation, probe: bool) -> Verdict:
    match operation.rc:
        case 2 | 4:
            return Verdict.NODE_FATAL
        case 3:
            fatal = operation.task in ("start", "promote", "monitor") and operation.interval_ms == 0
            return Verdict.NODE_FATAL if fatal else Verdict.FAILED
        case 5:
            return Verdict.NOT_HERE if probe else Verdict.NODE_FATAL
        case 6:
            return Verdict.CLUSTER_FATAL
    return Verdict.FAILED

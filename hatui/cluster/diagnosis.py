"""What an agent's answer means, and what an operator may try: the words of the OCF standard."""

from __future__ import annotations

from typing import NamedTuple

from hanode.cib import status
from hanode.pe.overview import FailureView
from hatui.cluster.safe import clean


class Meaning(NamedTuple):
    """An exit code: its name, and what to try."""

    name: str
    remedy: str


_LOGS = "look at the agent's output below and at the service's own log"
MEANINGS = {
    0: Meaning("ok", "it runs although it should not: find out who started it outside the cluster"),
    1: Meaning("error", _LOGS),
    2: Meaning("invalid parameter", "correct the resource's parameters, then clean it up"),
    3: Meaning("unimplemented", "the agent lacks this action: take the operation out"),
    4: Meaning("no permission", "the agent may not do this: check owner and mode of its files"),
    5: Meaning("not installed", "install on this node what the agent needs, then clean it up"),
    6: Meaning("not configured", "correct the resource's parameters, then clean it up"),
    7: Meaning("not running", "it stopped outside the cluster's orders: see why, then clean it up"),
    8: Meaning("promoted", "it is promoted although it should not be"),
    9: Meaning("promoted, failed", _LOGS),
    190: Meaning("degraded", _LOGS),
    191: Meaning("promoted, degraded", _LOGS),
}
_UNKNOWN = Meaning("unknown code", _LOGS)
_STATUS = {
    status.TIMEOUT: Meaning("timed out", "the agent hangs, or its timeout is too short for it"),
    status.NOT_SUPPORTED: Meaning("not supported", "the agent lacks this action"),
    status.ERROR: Meaning("not executed", "the node could not run the agent: look at its health"),
    status.ERROR_HARD: Meaning("failed for good here", "clean it up once the cause is gone"),
    status.ERROR_FATAL: Meaning("failed for good", "clean it up once the cause is gone"),
    status.NOT_INSTALLED: Meaning("not installed", "install the agent on this node"),
    status.NOT_CONNECTED: Meaning("not connected", "the node's lrm did not answer"),
    status.INVALID: Meaning("invalid", "correct the operation's definition"),
    status.NO_FENCE_DEVICE: Meaning("no fence device", "configure a device for this node"),
    status.NO_SECRETS: Meaning("secrets missing", "put the secrets in place on this node"),
}


def meaning(failure: FailureView) -> Meaning:
    """What this failure says."""
    if failure.status in _STATUS:
        return _STATUS[failure.status]
    return MEANINGS.get(failure.rc, _UNKNOWN)


def operation(failure: FailureView) -> str:
    """`monitor every 10s`, `start`, ..."""
    return named(failure.operation, failure.interval_ms)


def named(task: str, interval_ms: int) -> str:
    """An operation as people call it."""
    if task == "monitor" and not interval_ms:
        return "probe"
    return f"{task} every {interval_ms / 1000:g}s" if interval_ms else task


def brief(failure: FailureView) -> str:
    """One clause for a tree's row: what failed, with which answer, and the agent's own words."""
    task = "probe" if failure.operation == "monitor" and not failure.interval_ms else (
        failure.operation
    )  # fmt: skip
    said = f": {clean(failure.exit_reason)}" if failure.exit_reason else ""
    return f"{task} {meaning(failure).name}{said}"

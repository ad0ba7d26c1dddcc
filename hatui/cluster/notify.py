"""What an external agent of crm_mon is told of an event, in the variables of its environment."""

from __future__ import annotations

from hanode.cib.status import CANCELLED, DONE, ERROR, NOT_INSTALLED, PENDING, TIMEOUT
from hanode.events import Event, FencingConfirmed, FencingFailed, OperationFinished
from hatui.cluster.diagnosis import MEANINGS

FENCING = "st_notify_fence"
"""The task by which agents know that a fencing is meant."""
_STATUS = {
    "pending": PENDING, "done": DONE, "cancelled": CANCELLED, "timeout": TIMEOUT,
    "not-installed": NOT_INSTALLED,
}  # fmt: skip
"""Pacemaker's numbers for how an operation ended; of what is not listed, ERROR."""
_GENERIC = 1


def environment(event: Event, fencing: bool, recipient: str = "") -> dict[str, str] | None:
    """Of the agent that hears of this; None: it does not. `fencing`: of fencing too."""
    told: dict[str, object] | None = None
    if isinstance(event, OperationFinished):
        told = _operation(event)
    elif fencing and isinstance(event, FencingConfirmed):
        said = f"fencing of {event.target} by {event.by}: {event.evidence}"
        told = _fencing(event.target, said, 0)
    elif fencing and isinstance(event, FencingFailed):
        said = f"fencing of {event.target} by {event.by} failed: {event.reason}"
        told = _fencing(event.target, said, _GENERIC)
    if told is None:
        return None
    told = {"recipient": recipient, **told}
    return {f"CRM_notify_{name}": str(value).replace("\0", "") for name, value in told.items()}


def _operation(event: OperationFinished) -> dict[str, object]:
    status = _STATUS.get(event.status, ERROR)
    known = MEANINGS.get(event.rc)
    said = event.status if status != DONE else known.name if known else f"code {event.rc}"
    return {
        "node": event.node, "rsc": event.resource, "task": event.task, "desc": said,
        "rc": event.rc, "target_rc": event.expected_rc, "status": status,
    }  # fmt: skip


def _fencing(target: str, said: str, rc: int) -> dict[str, object]:
    return {
        "node": target, "rsc": "", "task": FENCING, "desc": said,
        "rc": rc, "target_rc": 0, "status": rc,
    }  # fmt: skip

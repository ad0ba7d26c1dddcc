"""How one run of an agent ended, in the words of the log."""

from __future__ import annotations

from typing import NamedTuple

from hanode.inputs import ProcessEnded, SpawnFailed
from hanode.lrm.operation import Operation
from hanode.ra import exit_codes, outcome
from hanode.ra.output import exit_reason, tail

STARVED = "starves"
"""A verdict: a time-out that is put down to the machine; what it lacks follows."""


class Result(NamedTuple):
    rc: int
    """An OCF exit code; it means something if the status is `done`."""
    status: str
    """See events.OperationFinished."""
    reason: str = ""
    tail: str = ""
    exec_ms: int = 0

    @property
    def well(self) -> bool:
        return self.status == "done" and self.rc == exit_codes.OK


def of_end(operation: Operation, end: ProcessEnded) -> Result:
    """Its process is over, by itself or because it was made to."""
    said = tail(end.output, end.errors)
    if operation.verdict:
        return of_verdict(operation, said, end.exec_ms)
    class_ = operation.order.agent.partition(":")[0]
    rc = outcome(class_, operation.task, end.rc, end.output)
    reason = exit_reason(end.errors) or _odd_end(end.rc, rc, class_)
    return Result(rc, "done", reason, said, end.exec_ms)


def of_verdict(operation: Operation, said: str = "", exec_ms: int = 0) -> Result:
    """It was not let to its end."""
    late = f"not done after {operation.order.timeout_ms / 1000:g} s"
    status = "timeout"
    if operation.verdict == "superseded":
        reason, status = "ended: this node has lost quorum", "error"
    elif operation.verdict.startswith(STARVED):
        reason, status = f"{late} while the machine {operation.verdict}", "error"
    elif operation.own_rule:
        reason = "not done in the time a node without quorum has; killed"
    else:
        reason = late
    return Result(exit_codes.GENERIC, status, reason, said, exec_ms)


def of_failure(failure: SpawnFailed) -> Result:
    """No process came of it: the agent isn't there, or the machine is in trouble."""
    return missing(failure.reason) if failure.missing else trouble(failure.reason)


def of_proof(probe: Result) -> Result:
    """A stop that had to be killed, by what the probe after it found."""
    if probe.status == "done" and probe.rc == exit_codes.NOT_RUNNING:
        reason = "its processes were killed, and a probe found it stopped"
        return Result(exit_codes.OK, "done", reason, probe.tail, probe.exec_ms)
    return probe._replace(rc=exit_codes.GENERIC, status="timeout")


def missing(reason: str) -> Result:
    return Result(exit_codes.NOT_INSTALLED, "not-installed", reason)


def idle(reason: str) -> Result:
    """A stop of what was never started here, nor could be by an agent that is not here either, or
    can't be called: nothing to stop."""
    return Result(exit_codes.OK, "done", f"nothing of it runs here: {reason}")


def orphan(reason: str) -> Result:
    """A look at what was running here, by an agent that is gone or can't say."""
    return Result(exit_codes.GENERIC, "done", f"it was running here, and may still be: {reason}")


def trouble(reason: str) -> Result:
    """The node's, not the resource's."""
    return Result(exit_codes.GENERIC, "error", reason)


def unwritable(reason: str) -> Result:
    """The node's, too, and it would be so again here: let it be tried elsewhere."""
    return Result(exit_codes.NOT_PERMITTED, "error", reason)


def _odd_end(exit_code: int, rc: int, class_: str) -> str:
    """A reason for an exit that the agent's standard has no word for."""
    if exit_code < 0:
        return f"the agent was ended by signal {-exit_code}"
    if class_ == "ocf" and exit_code != rc:
        return f"the agent ended with {exit_code}, which is no OCF exit code"
    return ""

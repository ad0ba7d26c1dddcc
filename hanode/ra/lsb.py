"""LSB init scripts: called by a verb, with status codes of their own (LSB 3.1, section 20.2)."""

from __future__ import annotations

from hanode.ra import exit_codes
from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.site import Site

_VERBS = {
    "start": "start", "stop": "stop", "monitor": "status", "reload": "reload",
    "reload-agent": "reload",
}  # fmt: skip
_STATUS = {
    0: exit_codes.OK,
    1: exit_codes.NOT_RUNNING,  # dead, and the pid file is left
    2: exit_codes.NOT_RUNNING,  # dead, and the lock file is left
    3: exit_codes.NOT_RUNNING,
}
_ACTION = {
    2: exit_codes.BAD_ARGUMENTS,
    3: exit_codes.UNIMPLEMENTED,
    4: exit_codes.NOT_PERMITTED,
    5: exit_codes.NOT_INSTALLED,
    6: exit_codes.NOT_CONFIGURED,
    7: exit_codes.NOT_RUNNING,
}


def command(job: Job, site: Site) -> Command | Unrunnable:
    """Execute the init script; it takes no parameters."""
    verb = _VERBS.get(job.task)
    if verb is None:
        reason = f"an init script has no action {job.task}"
        return Unrunnable(exit_codes.UNIMPLEMENTED, reason)
    return Command((f"{site.lsb_dir}/{job.agent.type}", verb), site.environment())


def outcome(task: str, rc: int, output: bytes) -> int:
    """LSB's codes in OCF's words; `status` has another table than the actions."""
    if task == "monitor":
        return _STATUS.get(rc, exit_codes.GENERIC)
    if rc == 0:
        return exit_codes.OK
    return _ACTION.get(rc, exit_codes.GENERIC)

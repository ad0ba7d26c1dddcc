"""The agent classes, as one table: how each is called, and what its exit codes mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hanode.ra import exit_codes, heartbeat, lsb, ocf, service, stonith, systemd
from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.site import Site


class AgentClass(NamedTuple):
    command: Callable[[Job, Site], Command | Unrunnable]
    outcome: Callable[[str, int, bytes], int]
    """(task, exit code, output) to an OCF exit code."""


CLASSES: dict[str, AgentClass] = {
    "ocf": AgentClass(ocf.command, ocf.outcome),
    "lsb": AgentClass(lsb.command, lsb.outcome),
    "systemd": AgentClass(systemd.command, systemd.outcome),
    "service": AgentClass(service.command, service.outcome),
    "heartbeat": AgentClass(heartbeat.command, heartbeat.outcome),
    "stonith": AgentClass(stonith.command, stonith.outcome),
}


def command(job: Job, site: Site) -> Command | Unrunnable:
    """What to execute for `job` on this machine."""
    known = CLASSES.get(job.agent.class_)
    if known is None:
        names = ", ".join(CLASSES)
        reason = f"agents of class {job.agent.class_} aren't known; classes: {names}"
        return Unrunnable(exit_codes.NOT_INSTALLED, reason)
    return known.command(job, site)


def outcome(class_: str, task: str, rc: int, output: bytes = b"") -> int:
    """The OCF exit code that an agent's exit code stands for."""
    return CLASSES[class_].outcome(task, rc, output)

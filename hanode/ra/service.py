"""`service:NAME`: an init script or a systemd unit, whichever the machine has by that name."""

from __future__ import annotations

from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.site import Site
from hanode.ra.systemd import outcome, unit_command

__all__ = ["command", "outcome"]


def command(job: Job, site: Site) -> Command | Unrunnable:
    """Only the machine itself can tell which it is, so the agent picks."""
    return unit_command(job, site, "service")

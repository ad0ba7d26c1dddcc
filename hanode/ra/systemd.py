"""systemd units as resources: driven by systemctl, which a small agent of ours asks."""

from __future__ import annotations

from hanode.ra import exit_codes
from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.site import Site

KILL = "hanode_kill"
"""In a job's meta: end all of the unit's processes first. They live in systemd's cgroups, where
nothing of ours reaches them."""
_TASKS = ("start", "stop", "monitor", "reload", "reload-agent")


def command(job: Job, site: Site) -> Command | Unrunnable:
    return unit_command(job, site, "systemd")


def outcome(task: str, rc: int, output: bytes) -> int:
    """Our agent speaks OCF."""
    return rc if rc in exit_codes.MEANINGS else exit_codes.GENERIC


def unit_command(job: Job, site: Site, kind: str) -> Command | Unrunnable:
    """Execute our agent for services of the machine: `KIND ACTION NAME`."""
    if job.task not in _TASKS:
        reason = f"a service of class {kind} has no action {job.task}"
        return Unrunnable(exit_codes.UNIMPLEMENTED, reason)
    task = "reload" if job.task == "reload-agent" else job.task
    if job.meta.get(KILL):
        task = "kill"
    env = site.environment() | {"HANODE_INIT_DIR": site.lsb_dir}
    return Command((f"{site.packaged}/lib/machine_service", kind, task, job.agent.type), env)

"""Fence agents as resources: what a cluster monitors so that a dead device is known before it is
needed. Fencing itself is hanode.fencing; both speak the FenceAgentAPI through these lines."""

from __future__ import annotations

from collections.abc import Mapping

from hanode.ra import exit_codes
from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.site import Site

STATUS_OFF = 2
"""FenceAgentAPI: what `status` exits with when the plug has no power (0: it has)."""

_PLUGIN_VERBS = {"monitor": "-S", "status": "-S", "list": "-l", "metadata": "-m", "reboot": "reset"}
"""cluster-glue asks after the device (-S), never after one plug of it."""


def command(job: Job, site: Site) -> Command | Unrunnable:
    """To start a device is to see that it answers; stopping it leaves it as it is."""
    if job.task == "stop":
        return Unrunnable(exit_codes.OK, "")
    if job.task not in ("start", "monitor"):
        return Unrunnable(exit_codes.UNIMPLEMENTED, f"a fence device has no action {job.task}")
    action = job.parameters.get("pcmk_monitor_action") or "monitor"
    return fence(job.agent.type, action, job.parameters, site)


def outcome(task: str, rc: int, output: bytes) -> int:
    """0, or an error: the FenceAgentAPI has no finer words for `monitor`."""
    return exit_codes.OK if rc == 0 else exit_codes.GENERIC


def fence(
    agent: str, action: str, parameters: Mapping[str, str], site: Site, plug: str = ""
) -> Command:
    """One call of a fence agent: parameters on stdin, where no `ps` shows a password."""
    if not site.has_api(agent):
        return _plugin(agent, action, parameters, site, plug)
    said = {"action": action}
    said.update((k, v) for k, v in parameters.items() if not k.startswith("pcmk_"))
    said["action"] = action
    argument = parameters.get("pcmk_host_argument") or "plug"
    if plug and argument != "none":
        said.setdefault(argument, plug)
    lines = [f"{k}={v}" for k, v in said.items() if not any(c in k + v for c in "\n\r\0")]
    return Command((site.fence_agent(agent),), site.environment(), "\n".join([*lines, ""]).encode())


def _plugin(
    name: str, action: str, parameters: Mapping[str, str], site: Site, plug: str
) -> Command:
    """One call of a legacy plugin, by cluster-glue's command: parameters are environment (-E)."""
    env = site.environment()
    for key, value in parameters.items():
        if not key.startswith("pcmk_") and key not in env and not any(c in key for c in "=\0"):
            env[key] = value
    verb = _PLUGIN_VERBS.get(action, action)
    what = (verb,) if verb.startswith("-") else ("-T", verb, plug)
    return Command((site.stonith, "-s", "-t", name, "-E", *what), env)

"""Class `stonith`: a fence device as a resource, and as what switches a node off.

An agent with the FenceAgentAPI reads everything on its standard input, a line for each
`name=value`, so that no password is seen in a list of processes; any other name is that of a
plugin of cluster-glue. A device runs nowhere: to start or monitor it is to ask whether it answers.
"""

from __future__ import annotations

from collections.abc import Mapping

from hanode.ra import exit_codes
from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.plugin import drive
from hanode.ra.site import Site

STATUS_OFF = 2
"""What `status` exits with where a plug is off (FenceAgentAPI)."""
CLUSTERS_OWN = "pcmk_"
"""How the parameters begin that tell the cluster, and not the agent, how a device is used."""
_OF_THE_WHOLE = ("monitor", "list", "metadata")
"""What is asked of a device as such, not of one of its plugs."""
_BREAKS = ("\n", "\r", "\0")
"""In a value, these would begin another parameter, or end them all."""


def command(job: Job, site: Site) -> Command | Unrunnable:
    """What to execute for a task of the device as a resource."""
    if job.task == "stop":
        return Unrunnable(exit_codes.OK, "")
    if job.task not in ("start", "monitor"):
        reason = f"a fence device can't {job.task}: it can only start, monitor and stop"
        return Unrunnable(exit_codes.UNIMPLEMENTED, reason)
    return fence(job.agent.type, "monitor", job.parameters, site)


def outcome(task: str, rc: int, output: bytes) -> int:
    """A device answers, or doesn't; it has no other states."""
    return exit_codes.OK if rc == 0 else exit_codes.GENERIC


def fence(
    agent: str, action: str, parameters: Mapping[str, str], site: Site, plug: str = ""
) -> Command | Unrunnable:
    """Have a device's agent do `action`; `plug` is what the device calls its target."""
    given = {k: v for k, v in parameters.items() if not k.startswith(CLUSTERS_OWN)}
    if wrong := _unsafe(given, plug):
        return Unrunnable(exit_codes.NOT_CONFIGURED, f"{agent}: {wrong}")
    if not site.has_api(agent):
        return drive(agent, action, given, site, plug)
    lines = {**given, **_target(parameters, action, plug)}
    lines = {"action": action, **{k: v for k, v in lines.items() if k != "action"}}
    said = "".join(f"{name}={value}\n" for name, value in lines.items())
    return Command((site.fence_agent(agent),), site.environment(), said.encode())


def _target(parameters: Mapping[str, str], action: str, plug: str) -> dict[str, str]:
    """The target, under the name that the agent has for it (pcmk_host_argument)."""
    name = parameters.get("pcmk_host_argument", "plug")
    return {} if name == "none" or not plug or action in _OF_THE_WHOLE else {name: plug}


def _unsafe(parameters: Mapping[str, str], plug: str) -> str:
    """Why this can't be said to an agent without meaning something else."""
    for name, value in {**parameters, "plug": plug}.items():
        if any(sign in name + value for sign in _BREAKS):
            return f"parameter {name!r:.40} contains a line break or a zero byte"
    if plug.startswith("-"):
        return f"plug {plug!r:.40} would be taken for an option"
    return ""

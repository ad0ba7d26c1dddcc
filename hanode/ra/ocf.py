"""OCF agents: how one is called by the Resource Agent API, versions 1.0 and 1.1."""

from __future__ import annotations

from collections.abc import Mapping

from hanode.ra import exit_codes
from hanode.ra.job import Command, Job
from hanode.ra.site import Site

_CODES = frozenset(exit_codes.MEANINGS) - {exit_codes.UNKNOWN}


def command(job: Job, site: Site) -> Command:
    """Execute the agent with its action as the one argument; all else is environment."""
    path = site.ocf_agent(job.agent.provider, job.agent.type)
    return Command((path, job.task), environment(job, site))


def outcome(task: str, rc: int, output: bytes) -> int:
    """The answer that an exit code gives: what OCF doesn't know counts as an error."""
    return rc if rc in _CODES else exit_codes.GENERIC


def environment(job: Job, site: Site) -> dict[str, str]:
    """Everything that the standard, and Debian's ocf-shellfuncs, look for."""
    env = site.environment()
    env.update(
        {
            "OCF_ROOT": site.ocf_root,
            "OCF_RA_VERSION_MAJOR": "1",
            "OCF_RA_VERSION_MINOR": "1",
            "OCF_RESOURCE_INSTANCE": job.resource,
            "OCF_RESOURCE_TYPE": job.agent.type,
            "OCF_RESOURCE_PROVIDER": job.agent.provider,
            "HA_RSCTMP": site.rsctmp,
            "HA_SBIN_DIR": site.tools,
            "HA_LOGTAG": f"{job.agent.type}({job.resource})",
            "HA_LOGFACILITY": "none",
            "HA_debug": "0",
            "PCMK_service": "hanode",
        }
    )
    env.update(_keys("OCF_RESKEY_", job.parameters))
    env["OCF_RESKEY_crm_feature_set"] = "3.16.2"
    env["OCF_RESKEY_CRM_meta_on_node"] = site.node
    env["OCF_RESKEY_CRM_meta_name"] = job.task
    env["OCF_RESKEY_CRM_meta_timeout"] = str(job.timeout_ms)
    if job.interval_ms or job.task == "monitor":
        env["OCF_RESKEY_CRM_meta_interval"] = str(job.interval_ms)
    env.update(_keys("OCF_RESKEY_CRM_meta_", job.meta, underscores=True))
    return env


def _keys(prefix: str, pairs: Mapping[str, str], underscores: bool = False) -> dict[str, str]:
    """Names as environment variables; one that can't be a variable's name is left out."""
    env = {}
    for name, value in pairs.items():
        key = prefix + (name.replace("-", "_") if underscores else name)
        if "=" not in key and "\0" not in key + value:
            env[key] = value
    return env

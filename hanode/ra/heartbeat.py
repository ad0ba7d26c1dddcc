"""Scripts of Heartbeat version 1, as haresources names them: positional arguments, then a verb.

Their parameters are called 1, 2, 3, ...; what counts of `status` is what it prints, since version
1 never looked at its exit code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hanode.ra import exit_codes
from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.site import Site

_VERBS = {"start": "start", "stop": "stop", "monitor": "status"}
_RUNNING = re.compile(rb"\brunning\b|\bOK\b", re.IGNORECASE)
_STATUS = range(5)
"""The exit codes that a `status` of LSB has words for."""
_NOT = re.compile(rb"\b(not|isn't|no longer)\b", re.IGNORECASE)


def command(job: Job, site: Site) -> Command | Unrunnable:
    verb = _VERBS.get(job.task)
    if verb is None:
        reason = f"a Heartbeat version 1 script has no action {job.task}"
        return Unrunnable(exit_codes.UNIMPLEMENTED, reason)
    arguments = _positional(job.parameters)
    if isinstance(arguments, str):
        return Unrunnable(exit_codes.NOT_CONFIGURED, arguments)
    path = f"{site.heartbeat_dir}/{job.agent.type}"
    return Command((path, *arguments, verb), site.environment())


def outcome(task: str, rc: int, output: bytes) -> int:
    """`status` says it in words; a start or stop by its exit code."""
    if task != "monitor":
        return exit_codes.OK if rc == 0 else exit_codes.GENERIC
    if rc < 0 or (rc not in _STATUS and not output.strip()):
        return exit_codes.GENERIC  # it was ended, or failed, and said nothing that counts
    running = _RUNNING.search(output) and not _NOT.search(output)
    return exit_codes.OK if running else exit_codes.NOT_RUNNING


def _positional(parameters: Mapping[str, str]) -> list[str] | str:
    """Arguments in order; or what is wrong with them."""
    numbers = sorted(int(name) for name in parameters if name.isdecimal())
    other = [name for name in parameters if not name.isdecimal()]
    if other or numbers != list(range(1, len(numbers) + 1)):
        return "the parameters of a Heartbeat version 1 script are called 1, 2, 3, ..."
    return [parameters[str(number)] for number in numbers]

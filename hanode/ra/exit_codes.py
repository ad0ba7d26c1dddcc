"""OCF exit codes: what each means, in a sentence, with what to try next."""

from __future__ import annotations

from typing import NamedTuple

OK = 0
GENERIC = 1
BAD_ARGUMENTS = 2
UNIMPLEMENTED = 3
NOT_PERMITTED = 4
NOT_INSTALLED = 5
NOT_CONFIGURED = 6
NOT_RUNNING = 7
PROMOTED = 8
PROMOTED_FAILED = 9
DEGRADED = 190
PROMOTED_DEGRADED = 191
UNKNOWN = 193
"""Not an agent's: the answer isn't known (yet)."""
HARD = (BAD_ARGUMENTS, UNIMPLEMENTED, NOT_PERMITTED, NOT_INSTALLED, NOT_CONFIGURED)
"""The agent could not do it here, and tells nothing of the resource."""


class Meaning(NamedTuple):
    name: str
    sentence: str
    remedy: str


MEANINGS: dict[int, Meaning] = {
    OK: Meaning("ok", "The action succeeded; a monitor found the resource running.", ""),
    GENERIC: Meaning(
        "error",
        "The action failed for a reason that has no code of its own.",
        "read the agent's output and the service's own log",
    ),
    BAD_ARGUMENTS: Meaning(
        "invalid parameter",
        "The agent can't work with its parameters on this node.",
        "compare the resource's parameters with the agent's metadata, then clean it up",
    ),
    UNIMPLEMENTED: Meaning(
        "unimplemented feature",
        "The agent doesn't know this action.",
        "look whether the agent is promotable or reloadable at all, and whether it is recent",
    ),
    NOT_PERMITTED: Meaning(
        "insufficient privileges",
        "The agent lacks a right that the action needs.",
        "look at the owner and mode of the files it uses, and whether hanode runs as root",
    ),
    NOT_INSTALLED: Meaning(
        "not installed",
        "The agent, or a program that it needs, isn't on this node.",
        "install it on this node, or keep the resource away from it by a location constraint",
    ),
    NOT_CONFIGURED: Meaning(
        "not configured",
        "A parameter is missing or wrong whatever the node.",
        "correct the resource's parameters, then clean it up",
    ),
    NOT_RUNNING: Meaning(
        "not running",
        "The resource is cleanly stopped.",
        "if it should run, read the service's own log for why it ended",
    ),
    PROMOTED: Meaning("promoted", "The resource runs in its promoted role.", ""),
    PROMOTED_FAILED: Meaning(
        "promoted (failed)",
        "The resource is promoted, and has failed there.",
        "it will be demoted, stopped and started anew; read the service's own log",
    ),
    DEGRADED: Meaning(
        "degraded",
        "The resource runs, in a state that makes a failure likely.",
        "read the agent's output; nothing is restarted for this",
    ),
    PROMOTED_DEGRADED: Meaning(
        "promoted (degraded)",
        "The resource is promoted, in a state that makes a failure likely.",
        "read the agent's output; nothing is restarted for this",
    ),
    UNKNOWN: Meaning("unknown", "The answer isn't known.", "wait for the next monitor"),
}


def meaning(rc: int) -> Meaning:
    """What `rc` says, also where the standard has no word for it."""
    known = MEANINGS.get(rc)
    if known is not None:
        return known
    sentence = f"{rc} is no exit code of the OCF standard; it counts as an error."
    return Meaning(f"exit code {rc}", sentence, "report it to the agent's author")

"""Which changed parameters an agent takes up without a restart, and by which action.

OCF 1.1 has `reload-agent` for that, and marks such parameters as `reloadable`. Agents of OCF 1.0
that have a `reload` were taken to mean the parameters that they mark as not unique; those that
claim 1.1 mean the service's own configuration by it.
"""

from __future__ import annotations

from typing import NamedTuple

from hanode.ra.metadata import BadMetadata, Metadata, read_metadata

AGENT = "reload-agent"
LEGACY = "reload"


class Reload(NamedTuple):
    action: str = ""
    """Empty: this agent has none."""
    parameters: tuple[str, ...] = ()


NO_RELOAD = Reload()


def reload_of(metadata: Metadata) -> Reload:
    """As the agent describes itself."""
    actions = [action.name for action in metadata.actions]
    if AGENT in actions:
        return Reload(AGENT, tuple(p.name for p in metadata.parameters if p.reloadable))
    if LEGACY in actions and not _claims_1_1(metadata.version):
        return Reload(LEGACY, tuple(p.name for p in metadata.parameters if p.not_unique))
    return NO_RELOAD


def _claims_1_1(version: str) -> bool:
    parts = [int(part) for part in version.split(".") if part.isdecimal()]
    return parts >= [1, 1]


def read_reload(output: bytes) -> Reload:
    """From what `meta-data` printed; an agent that can't be understood has no reload."""
    try:
        return reload_of(read_metadata(output))
    except BadMetadata:
        return NO_RELOAD

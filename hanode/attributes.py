"""What may be a node attribute or a ticket: one measure for agents, operators and the log."""

from __future__ import annotations

import re

NAME_LIMIT = 256
VALUE_LIMIT = 4096
PER_NODE = 2048
"""Attributes of one node, those not counted that the cluster keeps there itself. An LRM takes half
as many from its agents, so that an operator's never crowd them out."""
TICKETS = 256
_NAME = re.compile(r"[A-Za-z0-9_.:#/-]+")
_OF_THE_CLUSTER = ("fail-count-", "last-failure-", "#")
_HEALTH = "#health"


def unfit(name: str, value: str | None = None) -> str:
    """Why it is none, in words; empty: it is."""
    if not _NAME.fullmatch(name) or len(name) > NAME_LIMIT:
        return f"a name has 1 to {NAME_LIMIT} letters, digits or _.:#/-"
    if value is not None and (len(value) > VALUE_LIMIT or not value.isprintable()):
        return f"a value has at most {VALUE_LIMIT} printable characters"
    return ""


def of_the_cluster(name: str) -> bool:
    """Whether the cluster keeps it: no agent sets it. What agents find of a node's health is
    theirs, though its names begin like the cluster's own."""
    return name.startswith(_OF_THE_CLUSTER) and not name.startswith(_HEALTH)

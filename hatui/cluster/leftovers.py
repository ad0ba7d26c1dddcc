"""What earlier moves and bans left in the configuration, whether it still binds or not."""

from __future__ import annotations

from typing import NamedTuple

from hanode.cib.configuration import Location
from hatui.cluster.expiry import expiry
from hatui.cluster.moment import Moment

PREFER, BAN = "cli-prefer-", "cli-ban-"
"""How the field's command line tools name the constraints that a move or a ban makes."""


class Leftover(NamedTuple):
    """One constraint that an operator's order made."""

    id: str
    resource: str
    node: str
    ban: bool
    until: float = 0.0
    """When it ends by itself; 0 for never."""
    expired: bool = False
    """It binds nothing any more, and is still written there."""

    @property
    def chip(self) -> str:
        return f"banned from {self.node}" if self.ban else f"held on {self.node}"


def leftovers(moment: Moment) -> dict[str, list[Leftover]]:
    """They, by the resource that they bind."""
    found: dict[str, list[Leftover]] = {}
    for constraint in moment.configuration.constraints:
        if isinstance(constraint, Location) and constraint.id.startswith((PREFER, BAN)):
            left = _leftover(constraint, moment.now)
            found.setdefault(left.resource, []).append(left)
    return found


def _leftover(constraint: Location, now: float) -> Leftover:
    ban = constraint.id.startswith(BAN) or constraint.score.startswith("-")
    node = node_of(constraint)
    end = expiry(constraint)
    return Leftover(constraint.id, constraint.rsc, node, ban, end, bool(end) and end <= now)


def node_of(constraint: Location) -> str:
    """What it is about; where it expires, its node stands in a rule."""
    if constraint.node:
        return constraint.node
    for rule in constraint.rules:
        for condition in rule.conditions:
            if getattr(condition, "attribute", "") == "#uname":
                return getattr(condition, "value", "") or ""
    return ""

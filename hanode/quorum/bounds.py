"""What the loss of quorum bounds: how long, how many copies (cluster rules 4, 6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hanode.events import Member
from hanode.settings import ISOLATION_STOP_LIMIT, Timing

CLOCK_MARGIN = 1.1
"""Two machines' clocks never differ more in rate than this; real ones by far less."""


def isolated_after(timing: Timing) -> float:
    """With fencing disabled: so long after the commit of the view without it, a lost node's
    lease and its limit to stop are both over, so that what it ran may start elsewhere."""
    return (timing.lease + ISOLATION_STOP_LIMIT) * CLOCK_MARGIN


def single_copy(members: Sequence[Member], present: Collection[str]) -> bool:
    """Whether what is acknowledged now has only one data node's disk to rely on."""
    data = [member.name for member in members if member.role == "data"]
    return len(data) > 1 and sum(name in present for name in data) == 1

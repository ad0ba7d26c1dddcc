"""A disk that takes no writes: the node goes on in memory, and neither votes nor leads.

What it would promise or acknowledge it could not keep; and after a write that failed, nobody knows
what is on the disk. So this life of the process writes nothing any more. It follows the log all the
same, so that what the node runs is looked after, and tries the disk now and then: when that works
again, the process ends, and its next life begins with what is really there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.dc import election
from hanode.effects import Exit, TryDisk

if TYPE_CHECKING:
    from hanode.dc.consensus import Consensus

TRY_EVERY = 2.0
"""Seconds between two tries."""


def failed(seat: Consensus, why: str, now: float) -> None:
    """A write has failed; or the disk was found like this at the start."""
    seat.trouble = why
    seat.say("error", f"{why}: this node neither votes nor leads until its log can be written")
    if seat.role != "follower":
        election.step_down(seat, seat.term, now, why)
    seat.timers.set("disk", now + TRY_EVERY)


def try_again(seat: Consensus, now: float) -> None:
    seat.out.append(TryDisk())
    seat.timers.set("disk", now + TRY_EVERY)


def works(seat: Consensus) -> None:
    """It takes writes again."""
    if seat.trouble:
        seat.out.append(Exit("the disk takes writes again: begins anew with what is on it"))

"""How long a DC is waited for before somebody stands, and an election before somebody else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanode.dc.consensus import Consensus

FIRST = 2
"""In a large cluster so many stand first; the others leave them the time to win. (The runtime sees
to it that these have streams to everybody: runtime.peers.)"""
LARGE = 8
"""So many voters are few."""
COMING_UP = 6
"""For so many times `initdead` a large cluster counts as one that comes up."""
DEFERENCE = 3
"""That time, in slownesses: the first may have to open streams to everybody before they win."""


def await_dc(seat: Consensus, now: float) -> None:
    """The DC was heard, or another may come: this node stands once that has not helped."""
    spread = seat.random.uniform(0, seat.timing.election / 2)
    wait = for_dc(seat, seat.leader) + deference(seat, now)
    seat.timers.set("election", now + wait + spread)


def await_votes(seat: Consensus, now: float) -> None:
    """An election under way is given its time. In a large cluster that starts it is longer: streams
    are still to be opened, the votes are many, each with a write of its own, and whoever stands
    meanwhile makes all of them void."""
    if not comes_up(seat, now):
        await_dc(seat, now)
        return
    spread = seat.random.uniform(0, seat.timing.election / 2)
    seat.timers.set("election", now + seat.timing.slowness + deference(seat, now) + spread)


def comes_up(seat: Consensus, now: float) -> bool:
    """A large cluster that started a moment ago, as far as this node knows."""
    return len(seat.voters) > LARGE and now < seat.born + COMING_UP * seat.timing.initdead


def deference(seat: Consensus, now: float) -> float:
    """How much longer one waits in a large cluster: long, who is not among the first; a little, who
    is but the second, while it comes up."""
    place = rank(seat)
    if len(seat.voters) > LARGE and place >= FIRST:
        return DEFERENCE * seat.timing.slowness
    return seat.timing.election if place and comes_up(seat, now) else 0.0


def for_dc(seat: Consensus, leader: str) -> float:
    """How long a DC's log may be silent."""
    slow = leader in seat.view.names and leader in seat.streams
    return seat.timing.slowness if slow else seat.timing.election


def stand_at(seat: Consensus, at: float, now: float) -> None:
    """Stand then, or at once; never quite together with others."""
    spread = seat.random.uniform(0, seat.timing.keepalive / 4)
    seat.timers.set("election", max(at, now) + spread)


def rank(seat: Consensus) -> int:
    """0 for the first of the view's data nodes, and so on."""
    standing = [name for name in seat.view.names if name in seat.data]
    return standing.index(seat.name) if seat.name in standing else len(standing)

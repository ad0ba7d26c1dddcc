"""How long a peer's silence is borne: deadtime, stretched or shortened for a reason."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.membership.peer import REFUSALS_BELIEVED, Peer
from hanode.settings import Timing


def patience(
    peer: Peer, others: Iterable[Peer], timing: Timing, stretch: float, grace: float, now: float
) -> float:
    """Seconds of silence after which `peer` is lost.

    Shortened by hints: its kernel refuses the port that its heartbeat should hold, or a
    neighbour that counted it has just lost it, too. Hints replace no agreement: they only let
    this node see at once what it would see a moment later.
    """
    limit = timing.deadtime * stretch
    if peer.refusals >= REFUSALS_BELIEVED:
        return min(limit, max(3 * timing.keepalive, 0.3 * timing.deadtime))
    if peer.silent_at(now, grace) >= limit / 2 and _confirmed(peer, others, timing, now):
        return limit / 2
    return limit


def _confirmed(peer: Peer, others: Iterable[Peer], timing: Timing, now: float) -> bool:
    since = now - timing.deadtime / 2
    return any(
        other.neighbour.counts and other.dropped.get(peer.number, 0.0) > since
        for other in others
        if other is not peer
    )

"""What this node's heartbeats say of itself, to each peer, about each peer."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.local_messages import Standing
from hanode.membership.agreement import Proposed
from hanode.membership.peer import Peer
from hanode.membership.views import Views
from hanode.messaging.wire import (
    AGE_LIMIT,
    AGE_UNIT,
    DISK_FAILS,
    IN_VIEW,
    LRM_ALIVE,
    NEIGHBOUR,
    NUMBER_LIMIT,
    PROPOSED,
    Pulse,
    Row,
    Stance,
    layout,
)

MILLISECONDS_LIMIT = 0xFFFFFFFF


def body(
    peers: Iterable[Peer], views: Views, pulse: Pulse, limit: float, grace: float, now: float
) -> bytes:
    """All but header and MACs. Notes which heartbeats are echoed by it."""
    peers = tuple(peers)
    rows = [_row(peer, views, peer.heard_links(limit, grace, now), now) for peer in peers]
    said = {(row.number, row.boot) for row in rows}
    stance = Stance(_sayable(views.proposal, said), _sayable(views.agreed, said))
    return layout(len(rows)).pack(rows, stance, pulse)


def _sayable(view: Proposed, said: set[tuple[int, int]]) -> int:
    """Its number, if the rows (and the sender) name all its members. One who has begun another
    boot can't be named in its old one; without it the set would be taken for another set of the
    same number, so no number is given: 0."""
    return view.number if len(said.intersection(view.members)) + 1 == len(view.members) else 0


def pulse_of(standing: Standing, dc: int, health: int, deadtime: float) -> Pulse:
    """The crm's standing, in numbers that fit."""
    return Pulse(
        flags=LRM_ALIVE * standing.lrm_alive | DISK_FAILS * (not standing.disk),
        health=health,
        dc=dc,
        running=max(0, min(standing.running, 0xFFFF)),
        term=max(0, min(standing.term, NUMBER_LIMIT)),
        position_term=max(0, min(standing.position.term, NUMBER_LIMIT)),
        position_index=max(0, min(standing.position.index, NUMBER_LIMIT)),
        deadtime=min(round(deadtime * 1000), MILLISECONDS_LIMIT),
    )


def _row(peer: Peer, views: Views, links: int, now: float) -> Row:
    who, known = (peer.number, peer.boot), peer.correspondent
    flags = NEIGHBOUR if views.claims(peer) else 0
    if who in views.proposal.members:
        flags |= PROPOSED
    if who in views.agreed.members:
        flags |= IN_VIEW
        peer.echo(now)
    age = min(int((now - peer.newest_at) / AGE_UNIT), AGE_LIMIT) if known.newest else 0
    return Row(peer.number, known.boot, flags, links, known.life, known.newest, age)

"""What is true of a node only now: telemetry for consoles, never in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.local_messages import PeerPulse
from hanode.mgmt.protocol import Pulse

if TYPE_CHECKING:
    from hanode.node.node import Node


def pulse_of(
    node: Node, number: int, drift: dict[str, dict[str, float]], attached: tuple[str, ...]
) -> Pulse:
    """The node as it sees itself and its peers, for the subscription `number`."""
    seat, asked_at = node.seat, node.coordination.asked_at
    return Pulse(
        number=number,
        node=node.name,
        role=seat.role if seat.counts else "learner",
        dc=seat.leader if seat.leader in seat.view.names else "",
        term=seat.term,
        position=seat.log.last,
        commit=seat.commit,
        quorate=node.pulse.view.quorate,
        peers={peer.name: _belief(peer, node.now) for peer in node.pulse.peers},
        running=_under_way(node),
        deciding=round(node.now - asked_at, 3) if asked_at is not None else 0.0,
        drift=drift,
        view=node.pulse.view.names,
        trouble=node.ailing.word,
        clock=round(node.clock(), 3),
        head=seat.log.hash_at(seat.commit),
        attached=attached,
    )


def _belief(peer: PeerPulse, now: float) -> dict[str, Any]:
    """What a peer's heartbeats say, and how they arrive."""
    return {
        "heard": round(now - peer.heard_at, 3) if peer.heard_at else None,
        "rtt_ms": peer.rtt_ms,
        "loss": peer.loss,
        "links": list(peer.links),
        "dc": peer.dc,
        "term": peer.term,
        "index": peer.position.index,
        "hears": list(peer.hears),
        "view": list(peer.view),
        "disk": peer.disk,
    }


def _under_way(node: Node) -> tuple[dict[str, Any], ...]:
    """The DC's actions in flight."""
    walk = node.coordination.walk
    steps = sorted(walk.flying.items()) if walk else []
    return tuple(
        {
            "id": step.action.id,
            "task": step.action.task,
            "node": step.action.node or "",
            "resource": step.action.resource or "",
            "since": round(node.now - step.since, 3),
        }
        for _, step in steps
    )

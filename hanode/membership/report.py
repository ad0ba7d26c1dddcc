"""What the crm is told of views, of peers."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.ids import NodeName
from hanode.local_messages import PeerPulse, View
from hanode.membership.agreement import Proposed
from hanode.membership.company import Company
from hanode.membership.peer import Peer
from hanode.membership.votes import quorate

NO_VIEW = View(0, (), quorate=False)
"""Before the first agreement of a heartbeat process's life."""


def view_of(company: Company, agreed: Proposed, *, stale: bool) -> View:
    """An agreed view in the members' names. A stale one has no quorum: its members want others."""
    if not agreed.number:
        return NO_VIEW
    members = sorted((company.name_of(number), boot) for number, boot in agreed.members)
    present = tuple((name, boot) for name, boot in members if name)
    enough = quorate(company.members, [name for name, _ in present])
    return View(agreed.number, present, quorate=enough and not stale)


def pulses(company: Company, limit: float, grace: float, now: float) -> tuple[PeerPulse, ...]:
    """One for each peer, by name."""
    peers = sorted(company.peers.values(), key=lambda peer: peer.name)
    return tuple(_pulse(company, peer, peer.heard_links(limit, grace, now)) for peer in peers)


def _pulse(company: Company, peer: Peer, heard: int) -> PeerPulse:
    return PeerPulse(
        name=peer.name,
        boot=peer.boot,
        heard_at=peer.heard_at,
        echoed_at=peer.echoed_at,
        term=peer.pulse.term,
        dc=company.name_of(peer.pulse.dc),
        position=peer.position,
        rtt_ms=peer.rtt * 1000,
        loss=peer.correspondent.loss(),
        links=tuple(bool(heard >> link & 1) for link in company.links),
        lrm_alive=peer.lrm_alive,
        hears=company.names_of(peer.stance.claims),
        view=company.names_of(peer.stance.agreed.members),
        disk=peer.disk,
        deadtime=peer.deadtime,
    )


def unequal(name: NodeName, there: float, own: NodeName, here: float) -> str:
    """What to tell people of two nodes with different deadtimes."""
    return (
        f"{name} has a deadtime of {there:g} s, and {own} one of {here:g} s; between them the "
        "shorter one counts; write the same [timing] into hanode.toml on all nodes, then restart "
        "hanode where it was another, on one node after the other"
    )


def gone_and_come(before: View, after: View) -> tuple[list[str], list[str]]:
    """Whom a change of view lost, whom it gained; a node in another boot is both."""
    old, new = set(before.members), set(after.members)
    return _names(old - new), _names(new - old)


def _names(members: Iterable[tuple[str, int]]) -> list[str]:
    return sorted({name for name, _ in members})

"""From who is heard to a view that its members agree on."""

from __future__ import annotations

from collections.abc import Mapping

from hanode.events import Member
from hanode.membership.agreement import NONE, Agreement, Members, Proposed
from hanode.membership.formation import Formation
from hanode.membership.peer import Peer
from hanode.membership.sight import Preference, as_set, bit, numbers, wanted
from hanode.membership.votes import majority, quorate, votes
from hanode.settings import Timing


class Views:
    """The views of one node in one life of its heartbeat process."""

    def __init__(self, number: int, boot: int, timing: Timing, now: float) -> None:
        self._me = (number, boot)
        self._timing = timing
        self._agreement = Agreement()
        self._formation = Formation(now, timing)
        self._yielded: dict[int, Proposed] = {}
        """Neighbours that are settled, without us, in a view no smaller than ours would be."""
        self._held_until: float | None = None
        """The lease that holds this node in a view with quorum, though it sees no such set."""
        self._again_at: float | None = None

    @property
    def agreed(self) -> Proposed:
        return self._agreement.agreed

    @property
    def proposal(self) -> Proposed:
        return self._agreement.proposal

    def heard(self, peer: Peer) -> None:
        """A peer's stance is new."""
        self._agreement.heard(peer.stance.proposal.number, peer.stance.agreed.number)

    def claims(self, peer: Peer) -> bool:
        """Whether this node says that it wants to be with this peer."""
        return peer.neighbour.counts and peer.number not in self._yielded

    @property
    def settled(self) -> bool:
        """All of the agreed view want just it."""
        agreement = self._agreement
        same = agreement.agreed == agreement.proposal and self._held_until is None
        return agreement.agreed.number > 0 and same and agreement.unsettled_since is None

    def stale(self, now: float) -> bool:
        """The agreed view is one that its members no longer all want, for long."""
        since = self._agreement.unsettled_since
        return since is not None and now >= since + 2 * self._timing.deadtime

    def decide(
        self, members: tuple[Member, ...], peers: Mapping[int, Peer], dc: int, limit: float,
        lease: float, now: float,
    ) -> bool:  # fmt: skip
        """Want the best of what is seen now; True if the others must hear of it."""
        self._yield_to_settled(peers, now)
        preference = self._prefer(members, peers, dc)
        target = wanted(bit(self._me[0]), self._claims(peers, limit, now), preference)
        chosen = [peers[number] for number in numbers(target) if number in peers]
        view = tuple(sorted((self._me, *((peer.number, peer.boot) for peer in chosen))))
        enough = quorate(members, {m.name for m in members if bit(m.number) & target})
        self._held_until = None if enough or not self._held(members, peers) else lease
        news = (
            (self._held_until is None or now >= self._held_until)
            and self._ready(target, view, members, enough, chosen, now)
            and self._agreement.propose(view, [peer.stance.proposal for peer in chosen], now)
        )
        self._again_at = self._next(now)
        return news

    def _held(self, members: tuple[Member, ...], peers: Mapping[int, Peer]) -> bool:
        """Whether to stay in a view with quorum while the lease lasts, as some of it are still
        heard: perhaps they have not noticed yet whom this node has lost. If they count this node
        out, they renew its lease no more."""
        here = {number for number, _ in self.agreed.members}
        had = quorate(members, {m.name for m in members if m.number in here})
        return had and any(peers[n].neighbour.counts for n in here if n in peers)

    def _ready(
        self, target: int, view: Members, members: tuple[Member, ...], enough: bool,
        chosen: list[Peer], now: float,
    ) -> bool:  # fmt: skip
        return self._formation.allows(
            target,
            whole=len(view) == len(members),
            majority=enough,
            proposed=any(peer.stance.proposal.members == view for peer in chosen),
            now=now,
        )

    def conclude(self, peers: Mapping[int, Peer], now: float) -> bool:
        """True if a new view is agreed."""
        if not self.proposal.number:
            return False
        others = [number for number, _ in self.proposal.members if number != self._me[0]]
        proposals = [peers[each].stance.proposal if each in peers else NONE for each in others]
        news = self._agreement.conclude(proposals, now)
        self._again_at = self._next(now)
        return news

    @property
    def deadline(self) -> float | None:
        """When to decide again, without news."""
        return self._again_at

    def impatient(self, now: float) -> bool:
        return self._again_at is not None and now >= self._again_at

    def _next(self, now: float) -> float | None:
        waits = [self._formation.deadline(now), self._held_until]
        since = self._agreement.unsettled_since
        if since is not None:
            waits += [since + self._timing.deadtime, since + 2 * self._timing.deadtime]
        return min((at for at in waits if at is not None and at > now), default=None)

    def _claims(self, peers: Mapping[int, Peer], limit: float, now: float) -> dict[int, int]:
        """Whom each visible node counts; claims about another boot than the one known are void."""
        boots = {peer.number: peer.boot for peer in peers.values()} | dict([self._me])
        counted = (peer.number for peer in peers.values() if self.claims(peer))
        claims = {bit(self._me[0]): as_set(counted)}
        for peer in peers.values():
            if peer.heard_at and now - peer.heard_at < limit:
                valid = (n for n, boot in peer.stance.claims if boots.get(n, boot) in (boot, 0))
                claims[bit(peer.number)] = as_set(valid)
        return claims

    def _prefer(
        self, members: tuple[Member, ...], peers: Mapping[int, Peer], dc: int
    ) -> Preference:
        seen = [peer.stance.agreed for peer in peers.values() if peer.neighbour.counts]
        enough = majority(sum(map(votes, members)))
        views = [view for view in (self.agreed, *seen) if len(view.members) >= enough]
        newest = max(views, key=lambda view: (view.number, len(view.members)), default=NONE)
        return Preference(
            dc=bit(dc) if dc else 0,
            witnesses=as_set(m.number for m in members if m.role == "witness"),
            incumbents=as_set(number for number, _ in newest.members),
        )

    def _yield_to_settled(self, peers: Mapping[int, Peer], now: float) -> None:
        """Don't court for ever whom a view without us makes content: with partial knowledge, two
        nodes may take different sets for the best. The others hear of it, and may want us."""
        for number, view in list(self._yielded.items()):
            gone = number not in peers or peers[number].stance.agreed != view
            if gone or self._all_want_us(view, peers):
                del self._yielded[number]
        since = self._agreement.unsettled_since
        if since is None or now < since + self._timing.deadtime:
            return
        for peer in peers.values():
            content = peer.neighbour.counts and self._content_without_us(peer)
            if content and not self._all_want_us(peer.stance.agreed, peers):
                self._yielded[peer.number] = peer.stance.agreed

    def _all_want_us(self, view: Proposed, peers: Mapping[int, Peer]) -> bool:
        """Whether each member of that view hears us, and is heard: then it would be the better
        for us, and waits for our word alone."""
        members = [peers[number] for number, _ in view.members if number in peers]
        return len(members) == len(view.members) and all(
            peer.neighbour.counts and self._me in peer.stance.claims for peer in members
        )

    def _content_without_us(self, peer: Peer) -> bool:
        view = peer.stance.agreed
        return (
            peer.stance.proposal == view
            and len(view.members) >= len(self.proposal.members)
            and self._me not in view.members
        )

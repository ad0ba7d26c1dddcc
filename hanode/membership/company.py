"""The members that this node hears, as the crm's roster names them."""

from __future__ import annotations

from hanode.events import Member
from hanode.ids import NodeName
from hanode.membership.agreement import Members
from hanode.membership.lease import lease_until
from hanode.membership.peer import Peer
from hanode.membership.votes import votes
from hanode.messaging import Correspondent, Counters, KexSecret, Letter, Post
from hanode.messaging.wire import LINKS_LIMIT, MEMBERS_LIMIT
from hanode.peer_messages import Roster
from hanode.settings import Timing

SETS_KEPT = 512
"""Sets of nodes whose names are remembered."""
LOOKED_AT_ONCE = 8
"""Up to so many members, all news are looked at as they come."""


class Company:
    """This node among its peers; nobody at first."""

    def __init__(self, name: NodeName, boot: int, life: int, timing: Timing, secret: KexSecret):
        self.name = name
        self.counters = Counters()
        self.members: tuple[Member, ...] = ()
        self.me: Member | None = None
        self.peers: dict[int, Peer] = {}
        """In the order of their numbers, which is the order of a heartbeat's rows."""
        self.links = range(0)
        self._boot = boot
        self._life = life
        self._timing = timing
        self._secret = secret
        self._cluster = b""
        self._post: Post | None = None
        self._as_of = 0
        """The last entry of the log that any roster knew of."""
        self._highest = 0
        """The highest number that any roster gave; none is given twice."""
        self._names: dict[int, NodeName] = {}
        self._sets: dict[Members, tuple[NodeName, ...]] = {}
        """The names of sets that were asked for; they are few, and each is asked for often."""

    def follow(self, roster: Roster, now: float) -> list[str]:
        """Hear these from now on; complaints about what can't be done of it."""
        same_cluster = roster.cluster == self._cluster
        newer = not same_cluster or roster.as_of > self._as_of
        named = roster.members if newer else self._brought_up_to_date(roster.members)
        members = sorted(named, key=lambda member: member.number)
        wrong = self._wrong_with(members)
        if wrong:
            return [wrong]
        me = next((member for member in members if member.name == self.name), None)
        if me is None:
            self.members, self.me, self.peers, self._post = (), None, {}, None
            self._names, self._sets = {}, {}
            return [f"{self.name} is no member of this cluster: `hanode join` makes it one"]
        same = me.number == (self.me.number if self.me else 0) and same_cluster
        known = self.peers if same else {}
        if not same or self._post is None:
            self._post = Post(roster.cluster, me.number, self._boot, self._life, self.counters)
        self.members, self.me, self._cluster = tuple(members), me, roster.cluster
        self._names, self._sets = {member.number: member.name for member in members}, {}
        self._as_of = max(self._as_of, roster.as_of) if same_cluster else roster.as_of
        self._highest = max(self._highest if same_cluster else 0, members[-1].number)
        self.links = range(min(max(1, len(me.links)), LINKS_LIMIT))
        complaints: list[str] = []
        self.peers = {}
        for member in members:
            if member is not me:
                peer = self._known(member, known) or self._meet(member, complaints, now)
                if peer is not None:
                    self.peers[peer.number] = peer
        self._post.admit(peer.correspondent for peer in self.peers.values())
        return complaints

    @property
    def bulk(self) -> float:
        """How much of a keepalive to wait between two looks at who hears whom, or two heartbeats
        with news: with many members both are dear, and news come by the dozen."""
        return 0.0 if len(self.members) <= LOOKED_AT_ONCE else len(self.members) / 64

    def number_of(self, name: NodeName) -> int:
        """0 for nobody."""
        return next((member.number for member in self.members if member.name == name), 0)

    def name_of(self, number: int) -> NodeName:
        return self._names.get(number, "")

    def names_of(self, members: Members) -> tuple[NodeName, ...]:
        """Those of them who are members, sorted."""
        known = self._sets.get(members)
        if known is None:
            if len(self._sets) >= SETS_KEPT:
                self._sets.clear()
            known = tuple(sorted(filter(None, (self.name_of(number) for number, _ in members))))
            self._sets[members] = known
        return known

    def peer_named(self, name: NodeName) -> Peer | None:
        return self.peers.get(self.number_of(name))

    def open(self, link: int, data: bytes) -> Letter | None:
        return self._post.open(link, data) if self._post else None

    def seal(self, link: int, seq: int, body: bytes) -> bytes:
        assert self._post is not None
        return self._post.seal(link, seq, body)

    def lease_until(self, now: float) -> float:
        """The end of the quorum lease, for a heartbeat that leaves now."""
        voters = sum(map(votes, self.members))
        grants = [peer.grants_until for peer in self.peers.values() if votes(peer.member)]
        if self.me is not None and votes(self.me):
            grants.append(now + self._timing.lease)
        return lease_until(grants, voters)

    def _brought_up_to_date(self, members: tuple[Member, ...]) -> tuple[Member, ...]:
        """These are of no newer roster than one before, which knew who has joined since: by the
        log, or from peers, whose word a crm that was started again has forgotten; and who was
        removed since, by the numbers that were given."""
        known = {member.name: member for member in self.members}
        numbers = {member.number for member in self.members}
        for member in members:
            if member.number in numbers or member.number > self._highest:
                known[member.name] = member
        return tuple(known.values())

    def _wrong_with(self, members: list[Member]) -> str:
        if len(members) > MEMBERS_LIMIT:
            return f"{len(members)} members, more than {MEMBERS_LIMIT}: the roster stays as it was"
        numbers = {member.number for member in members}
        if len(numbers) < len(members) or not all(0 < number < 256 for number in numbers):
            return "members' numbers are not distinct and 1 to 255: the roster stays as it was"
        return ""

    def _known(self, member: Member, known: dict[int, Peer]) -> Peer | None:
        peer = known.get(member.number)
        if peer is None or (peer.name, peer.member.kex) != (member.name, member.kex):
            return None
        peer.member = member
        return peer

    def _meet(self, member: Member, complaints: list[str], now: float) -> Peer | None:
        assert self.me is not None
        try:
            shared = self._secret.shared(member.kex)
        except ValueError as error:
            complaints.append(f"{member.name} can't be heard: {error}; enrol it anew")
            return None
        correspondent = Correspondent(
            member.number, self.me.number, self._boot, self._cluster, shared
        )
        return Peer(member, correspondent, self._timing, now)

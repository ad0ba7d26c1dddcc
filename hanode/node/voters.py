"""Who votes: the members as the committed log has them, and those whom only the disk names yet.

A node that starts knows how far its log is committed only once a DC says so. Counting votes by the
committed part alone, two nodes of three that start together could each take itself for all. So a
member whose addition lies in the log on disk counts from the start (as Raft has it: the latest
configuration in the log), and one that enrolled counts those whom its enrolment named.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanode.codec import Garbled
from hanode.events import DcElected, Entry, Member, MemberAdded, MemberRemoved, VoteRestored
from hanode.ids import NodeName
from hanode.messaging.wire import MEMBERS_LIMIT
from hanode.state import ClusterState
from hanode.state.fitness import NUMBERS

HINTS_MAX = 64


class Voters:
    """Members that are not yet in the fold, each with what makes it superfluous here."""

    def __init__(self, own: NodeName, enrolled: Iterable[Member]) -> None:
        self._own = own
        self._enrolled = {member.name: member for member in enrolled}
        """Until the fold has this node itself."""
        self._hinted: dict[NodeName, tuple[int, Member]] = {}
        """Members that a peer has named and this node's log has not, until it has come to the
        entry that the peer had come to."""
        me = self._enrolled.get(own)
        self.number = me.number if me else 0
        """This node's own, as its enrolment has it. A node of its name may have been a member
        before, and the log tells of that one first."""
        self._on_disk: dict[NodeName, tuple[int, Member]] = {}
        """Until the fold has come to the entry that adds it."""
        self._elected: tuple[int, tuple[NodeName, ...]] = (0, ())
        """The last entry on disk that tells whose votes count, and these; nobody named: all."""

    def heard_of(self, members: Iterable[Member], as_of: int, state: ClusterState) -> bool:
        """A peer names members that joined while this node was away. It must hear them to be let
        into a view at all, so they are heard; votes are a matter of the log. Whether it is news."""
        # Not against what is on disk alone: a DC may displace it.
        hinted = (member for _, member in self._hinted.values())
        known = {m.name: m.number for m in (*state.members.values(), *hinted)}
        new = {m.name: (as_of, m) for m in members if m.number > known.get(m.name, 0)}
        self._hinted |= dict(list(new.items())[: HINTS_MAX - len(self._hinted)])
        return bool(new)

    def hinted(self, state: ClusterState) -> tuple[Member, ...]:
        """Those, by name, that can be members beside the others: a heartbeat hears all of a roster
        or nobody of it, and any member can make up what it likes."""
        at = state.position.index
        self._hinted = {name: kept for name, kept in self._hinted.items() if kept[0] > at}
        known = {member.name: member.number for member in self.members(state)}
        free = set(NUMBERS) - set(known.values())
        room = MEMBERS_LIMIT - len(known)
        found = []
        for name, (_, member) in sorted(self._hinted.items()):
            fits = member.number in free and (name in known or room > 0)
            if fits and member.number > known.get(name, 0):
                found.append(member)
                free.discard(member.number)
                room -= name not in known
        return tuple(found)

    def found_on_disk(self, entries: Iterable[Entry], commit: int) -> None:
        """At the start: what the log adds beyond what is known to be committed."""
        for entry in entries:
            if entry.index <= commit:
                continue
            try:
                _, event = entry.signed.open()
            except Garbled:
                continue  # it will have no force when it is applied, either
            if isinstance(event, MemberAdded):
                self._on_disk[event.member.name] = entry.index, event.member
            if isinstance(event, DcElected):
                self._elected = entry.index, event.votes
            if isinstance(event, MemberRemoved):
                self._on_disk.pop(event.name, None)
            elif isinstance(event, (VoteRestored, MemberAdded)):
                self._elected = entry.index, ()

    def withheld(self, state: ClusterState) -> tuple[NodeName, ...]:
        """Whose votes don't count, as the log has it: two nodes alone, of which one was elected
        by itself. It committed that by its own disk alone, so it counts unconfirmed, too."""
        index, votes = self._elected
        if index <= state.position.index:
            return state.withheld
        members = self.members(state)
        alone = len(members) == 2 and all(member.role == "data" for member in members)
        return tuple(m.name for m in members if m.name not in votes) if alone and votes else ()

    def members(self, state: ClusterState) -> tuple[Member, ...]:
        """All that count now, by name."""
        at = state.position.index
        self._on_disk = {n: kept for n, kept in self._on_disk.items() if kept[0] > at}
        if self.is_us(state.members.get(self._own)):
            self._enrolled = {}
        known: dict[NodeName, Member] = {}
        on_disk = [member for _, member in self._on_disk.values()]
        for member in (*self._enrolled.values(), *on_disk, *state.members.values()):
            other = known.get(member.name)
            if other is None or member.number >= other.number:  # a later one of the same name
                known[member.name] = member
        return tuple(known[name] for name in sorted(known))

    def is_us(self, member: Member | None) -> bool:
        """Whether this member is the node that runs here, and no former one of its name."""
        return member is not None and member.number >= self.number

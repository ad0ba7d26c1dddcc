"""Who votes: the members as the committed log has them, and those whom only the disk names yet.

A node that starts knows how far its log is committed only once a DC says so. Counting votes by the
committed part alone, two nodes of three that start together could each take itself for all. So a
member whose addition lies in the log on disk counts from the start (as Raft has it: the latest
configuration in the log), and one that enrolled counts those whom its enrolment named.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanode.codec import Garbled
from hanode.events import Entry, Member, MemberAdded
from hanode.ids import NodeName
from hanode.state import ClusterState


class Voters:
    """Members that are not yet in the fold, each with what makes it superfluous here."""

    def __init__(self, own: NodeName, enrolled: Iterable[Member]) -> None:
        self._own = own
        self._enrolled = {member.name: member for member in enrolled}
        """Until the fold has this node itself."""
        self._on_disk: dict[NodeName, tuple[int, Member]] = {}
        """Until the fold has come to the entry that adds it."""

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

    def members(self, state: ClusterState) -> tuple[Member, ...]:
        """All that count now, by name."""
        at = state.position.index
        self._on_disk = {n: kept for n, kept in self._on_disk.items() if kept[0] > at}
        if self._own in state.members:
            self._enrolled = {}
        known = self._enrolled | {name: member for name, (_, member) in self._on_disk.items()}
        known |= state.members
        return tuple(known[name] for name in sorted(known))

"""The roll of the members: who belongs here and whose vote counts, told to all who act on it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hanode.effects import Saved, SetPeers, TellHeart
from hanode.events import Member
from hanode.ids import NodeName
from hanode.node.voters import Voters
from hanode.peer_messages import Roster

if TYPE_CHECKING:
    from hanode.node.node import Node

LEARNER = "learner"
"""The role, in the heartbeat's eyes, of a member whose vote doesn't count now."""


class Roll:
    """For the log's seat, the streams, the heartbeat, and the witnesses."""

    def __init__(self, node: Node, enrolled: tuple[Member, ...], cluster: bytes) -> None:
        self._node = node
        self._voters = Voters(node.name, enrolled)
        self._cluster = cluster
        """From the enrolment, for as long as the log is empty."""
        self._heart_waits = False

    @property
    def has_us(self) -> bool:
        """Whether the log's member of this name is this node, and no former one."""
        return self._voters.is_us(self._node.state.members.get(self._node.name))

    @property
    def number(self) -> int:
        """This node's own, as its enrolment has it; 0: it was never enrolled."""
        return self._voters.number

    @property
    def removed(self) -> bool:
        """Whether there is a cluster here, and this node is no member of it any more."""
        if self.has_us or not self._node.state.members:
            return False
        members = {member.name: member for member in self._voters.members(self._node.state)}
        return not self._voters.is_us(members.get(self._node.name))

    def restore(self, saved: Saved) -> None:
        """At the start: what the log on disk adds to what is known to be committed."""
        self._voters.found_on_disk(saved.entries, self._node.seat.commit)

    def changed(self) -> None:
        """Who belongs here, or whose vote counts, is other than before."""
        node = self._node
        members = self._voters.members(node.state)
        begun = node.seat.log.last.index > 0  # without any log, it votes and does not stand
        data = tuple(m.name for m in members if m.role == "data" and (begun or m.name != node.name))
        witnesses = tuple(m.name for m in members if m.role == "witness")
        withheld = node.survivor.withheld(self._voters.withheld(node.state))
        node.seat.members(data, witnesses, withheld)
        node.memory.keep(node.seat.everybody)
        operators = tuple(node.state.operators[name] for name in sorted(node.state.operators))
        node.out.append(SetPeers(members, operators))
        self._heart_waits = True

    def attend(self) -> None:
        """Once all that is committed is applied: what stood between is no news, and a heartbeat
        forgets whom it is told to hear no more."""
        if self._heart_waits:
            self.tell_heart()

    def tell_heart(self) -> None:
        self._heart_waits = False
        node = self._node
        members = self._voters.members(node.state)
        cluster = node.state.cluster or self._cluster
        if members and cluster:
            heard = {member.name: self._as_it_votes(member) for member in members}
            for hint in self._voters.hinted(node.state):
                # A hint takes no vote away: a namesake of before counts on, as the log has it.
                role = heard[hint.name].role if hint.name in heard else LEARNER
                heard[hint.name] = dataclasses.replace(hint, role=role)
            roster = Roster(cluster, tuple(heard.values()), node.state.position.index)
            node.out.append(TellHeart(roster))

    def _as_it_votes(self, member: Member) -> Member:
        """For the heartbeat, which counts votes by role."""
        withheld = member.name in self._node.seat.withheld
        return dataclasses.replace(member, role=LEARNER) if withheld else member

    def tell_outsiders(self) -> None:
        """Who the members are, to those in reach that are in no view with us. They must hear a new
        member to be let into one with it."""
        seat = self._node.seat
        for peer in sorted(seat.streams.difference(self._node.pulse.view.names)):
            if peer in seat.data:
                self._tell(peer)

    def _tell(self, peer: NodeName) -> None:
        """As the log has it."""
        state = self._node.state
        members = tuple(state.members[name] for name in sorted(state.members))
        self._node.send(peer, Roster(state.cluster, members, state.position.index))

    def tell_witnesses(self) -> None:
        """As the DC: who the members are, since a witness keeps no entries to learn it from."""
        if self._node.seat.leads:
            for witness in self._node.seat.witnesses:
                self._tell(witness)

    def told(self, peer: NodeName, said: Roster) -> None:
        """A peer names members that our log may lack."""
        node = self._node
        known = peer in node.seat.everybody and said.cluster == node.state.cluster
        if known and self._voters.heard_of(said.members, said.as_of, node.state):
            self.tell_heart()

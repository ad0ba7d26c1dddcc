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
        self._set_peers()
        self._heart_waits = True

    def _set_peers(self) -> None:
        """Streams are open to those whom the heartbeat hears: a DC that joined while this node was
        away has to bring the entry by which it joined."""
        operators = self._node.state.operators
        named = tuple(operators[name] for name in sorted(operators))
        self._node.out.append(SetPeers(tuple(self._in_reach().values()), named))

    def _in_reach(self) -> dict[NodeName, Member]:
        """The members, each as the latest of its name that a peer has told of."""
        state = self._node.state
        known = (*self._voters.members(state), *self._voters.hinted(state))
        return {member.name: member for member in known}

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
            # A hint takes no vote away: a namesake of before counts on, as the log has it.
            roles = {member.name: self._as_it_votes(member) for member in members}
            heard = tuple(
                dataclasses.replace(member, role=roles.get(name, LEARNER))
                for name, member in self._in_reach().items()
            )
            node.out.append(TellHeart(Roster(cluster, heard, node.state.position.index)))

    def _as_it_votes(self, member: Member) -> str:
        """Its role for the heartbeat, which counts votes by that."""
        return LEARNER if member.name in self._node.seat.withheld else member.role

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
            self._set_peers()

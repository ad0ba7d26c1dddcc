"""How facts come to the DC, and how the DC takes them into the log: each once, if it is lawful."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.codec import Garbled
from hanode.dc import replication
from hanode.ids import EventId, NodeName
from hanode.messages import Propose, Proposed
from hanode.state.lawful import objection

if TYPE_CHECKING:
    from hanode.node.node import Node

STALE = "stale: the cluster has changed since; look at what would happen now"


class Proposals:
    """Both ends: a node that brings its facts, and a DC to which they are brought."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def bring(self, proposal: Propose) -> None:
        """To the DC of now; again and again, until it stands in the log."""
        self._forward(proposal)
        if self._node.seat.timers.at("repeat") is None:
            self._repeat_later()

    def bring_again(self) -> None:
        """There is a new DC, or a new stream to it, or simply no answer."""
        waiting = list(self._node.facts.waiting.values())
        for one in waiting:
            self._forward(one.proposal)
        if waiting:
            self._repeat_later()

    def _forward(self, proposal: Propose) -> None:
        node = self._node
        if node.seat.leads:
            self.brought(node.name, proposal)
        elif node.seat.leader:
            node.send(node.seat.leader, proposal)

    def _repeat_later(self) -> None:
        node = self._node
        node.seat.timers.set("repeat", node.now + node.timing.deadtime)

    def brought(self, peer: NodeName, proposal: Propose) -> None:
        """As the DC: put a fact into the log, once."""
        node = self._node
        if not node.seat.leads:
            return
        try:
            statement, event = proposal.signed.open()
        except Garbled as error:
            node.say("warning", f"{peer} proposes what nobody can read: {error}")
            return
        no = objection(node.state, proposal.signed, statement, event, node.verify, node.seat.term)
        if not no and proposal.basis is not None and proposal.basis != node.state.basis:
            no = STALE
        if no:
            self._decline(peer, proposal, statement.id, no)
        elif node.facts.first_time(statement.id):
            replication.propose(node.seat, proposal.signed, node.now)

    def _decline(self, peer: NodeName, proposal: Propose, ident: EventId, no: str) -> None:
        node = self._node
        node.say("info", f"{peer}'s proposal was not taken: {no}")
        answer = Proposed(proposal.question or str(ident), None, no)
        if peer == node.name:
            node.desk.proposed(answer)
        else:
            node.send(peer, answer)

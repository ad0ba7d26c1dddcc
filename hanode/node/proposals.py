"""How facts come to the DC, and how the DC takes them into the log: each once, if it is lawful."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.codec import Garbled
from hanode.dc import replication
from hanode.events import DcElected, Entry, Event, MemberAdded, MemberRemoved, parts
from hanode.ids import EventId, NodeName
from hanode.peer_messages import Propose, Proposed
from hanode.settings import EVENTS_IN_FLIGHT
from hanode.state.lawful import objection
from hanode.state.said import is_new

if TYPE_CHECKING:
    from hanode.node.node import Node

STALE = "stale: the cluster has changed since; look at what would happen now"


class Proposals:
    """Both ends: a node that brings its facts, and a DC to which they are brought."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._held: list[tuple[NodeName, Propose]] = []
        """What was brought to a DC whose state is not that of its whole log yet."""
        self._taken: set[EventId] = set()
        """What stands in this DC's log and is not committed yet; the state knows of the rest."""

    def bring(self, proposal: Propose) -> None:
        """To the DC of now; again and again, until it stands in the log."""
        self._forward(proposal)
        if self._node.seat.timers.at("repeat") is None:
            self._repeat_later()

    def bring_again(self) -> None:
        """There is a new DC, or a new stream to it."""
        for one in list(self._node.facts.waiting.values()):
            self._forward(one.proposal)
        self._repeat_later()

    def repeat(self) -> None:
        """What has waited for so long may have been lost on the way."""
        node = self._node
        for one in list(node.facts.waiting.values()):
            if one.since <= node.now - node.timing.deadtime:
                self._forward(one.proposal)
        self._repeat_later()

    def _forward(self, proposal: Propose) -> None:
        node = self._node
        if node.seat.leads:
            self.brought(node.name, proposal)
        elif node.seat.leader:
            node.send(node.seat.leader, proposal)

    def _repeat_later(self) -> None:
        node = self._node
        if node.facts.waiting:
            node.seat.timers.set("repeat", node.now + node.timing.deadtime)

    def brought(self, peer: NodeName, proposal: Propose) -> None:
        """As the DC: put a fact into the log, once."""
        node = self._node
        if not node.coordination.in_office:
            return  # nothing stands before our DcElected; what waits is brought right after it
        if not node.coordination.opened:
            self._before_it_is_open(peer, proposal)
            return
        try:
            statement, event = proposal.signed.open()
        except Garbled as error:
            node.say("warning", f"{peer} proposes what nobody can read: {error}")
            return
        if not is_new(node.state, statement.id):
            return  # it stands in the log; who brings it again has not heard of that yet
        no = objection(node.state, proposal.signed, statement, event, node.verify, node.seat.term)
        if not no:
            no = self._untimely(event)
        if not no and proposal.basis is not None and proposal.basis != node.state.basis:
            no = STALE
        if no:
            self._decline(peer, proposal, statement.id, no)
        else:
            self._take(proposal, statement.id)

    def _take(self, proposal: Propose, ident: EventId) -> None:
        if ident not in self._taken:
            self._taken.add(ident)
            replication.propose(self._node.seat, proposal.signed, self._node.now)

    def settled(self, ident: EventId) -> None:
        """Its entry is committed."""
        self._taken.discard(ident)

    def _before_it_is_open(self, peer: NodeName, proposal: Propose) -> None:
        """Until its DcElected is committed, a DC may know less than its log says (of its own
        membership, even), so it judges nobody's words; its own first one makes the rest known."""
        node = self._node
        statement, event = proposal.signed.open() if peer == node.name else (None, None)
        if statement is not None and isinstance(event, DcElected):
            if event.term == node.seat.term:
                self._take(proposal, statement.id)
        elif len(self._held) < EVENTS_IN_FLIGHT:
            self._held.append((peer, proposal))

    def opened(self) -> None:
        """The state is that of the whole log: now these can be judged."""
        held, self._held = self._held, []
        for peer, proposal in held:
            self.brought(peer, proposal)

    def closed(self) -> None:
        self._held = []
        self._taken.clear()

    def _untimely(self, event: Event) -> str:
        """Why the members can't change in this way now. A newcomer with an empty disk could be
        the majority of a node whose vote is withheld, and that one lacks what was committed."""
        changes = [p for p in parts(event) if isinstance(p, (MemberAdded, MemberRemoved))]
        if changes and self.membership_changes():
            return "another change of membership is under way; say it again when it is done"
        withheld = self._node.seat.withheld
        if withheld and any(isinstance(change, MemberAdded) for change in changes):
            name = withheld[0]
            return f"the vote of {name} is withheld: {name} must come back first, or be removed"
        return ""

    def membership_changes(self) -> bool:
        """One at a time, each committed before the next: the majorities before and after it have
        a voter in common."""
        node = self._node
        log, applied = node.seat.log, node.state.position.index
        on_the_way = log.after(applied, log.last.index - applied)
        return any(map(_changes_members, on_the_way))

    def _decline(self, peer: NodeName, proposal: Propose, ident: EventId, no: str) -> None:
        node = self._node
        node.say("info", f"{peer}'s proposal was not taken: {no}")
        answer = Proposed(proposal.question or str(ident), no)
        if peer == node.name:
            node.desk.commands.proposed(answer)
        else:
            node.send(peer, answer)


def _changes_members(entry: Entry) -> bool:
    try:
        _, event = entry.signed.open()
        return any(isinstance(part, (MemberAdded, MemberRemoved)) for part in parts(event))
    except Garbled:
        return False  # it will have no force

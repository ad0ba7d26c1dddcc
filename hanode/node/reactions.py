"""What a committed event concerns, on every node: one short reaction for each concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.effects import Exit
from hanode.events import (
    AttributeSet,
    ClusterFounded,
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    HistoryCleared,
    MemberAdded,
    MemberRemoved,
    NodeLeft,
    NodeReported,
    OperationFinished,
    OperatorAdded,
    OperatorRemoved,
    Statement,
    ViewAgreed,
    parts,
)
from hanode.ids import EventId
from hanode.node import agent_attributes
from hanode.state import ClusterState
from hanode.state.said import is_new

if TYPE_CHECKING:
    from hanode.node.node import Node

_ROLL_CHANGES = (ClusterFounded, MemberAdded, MemberRemoved, OperatorAdded, OperatorRemoved)


class Reactions:
    """Tells the parts of a node, in visible order."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def noticed(self, entry: Entry, statement: Statement, event: Event) -> None:
        """This has happened; whoever asked for it is told."""
        node = self._node
        node.desk.commands.noticed(entry, event, node.facts.settle(statement.id))
        if statement.actor == node.name:
            self._settled(statement.id, event)
        for part in parts(event):
            self._react(statement, part)

    def replaced(self, before: ClusterState) -> None:
        """The whole state came from another node; nobody tells us entry by entry what is in it."""
        node = self._node
        node.coordination.shooting.limits.replaced()
        node.coordination.shooting.replaced(before)
        node.roll.changed()
        node.desk.subscribers.state_replaced()
        for ident, waiting in list(node.facts.waiting.items()):
            if not is_new(node.state, ident):
                node.facts.settle(ident)
                self._settled(ident, waiting.event)
                self._end_if_left(waiting.event)
        if self._counted_in_again():
            node.hands.report_again()
        self.end_if_over()

    def _react(self, statement: Statement, event: Event) -> None:
        node = self._node
        if isinstance(event, _ROLL_CHANGES):
            node.roll.changed()
            node.roll.tell_outsiders()
        if isinstance(event, (*_ROLL_CHANGES, DcElected)):
            node.roll.tell_witnesses()
        if isinstance(event, AttributeSet | NodeReported):
            agent_attributes.noticed(node, event)
        if isinstance(event, HistoryCleared):
            node.hands.cleared(event)
        if isinstance(event, ViewAgreed) and self._counted_in_again():
            node.hands.report_again()
        node.survivor.noticed(event)
        node.coordination.noticed(statement, event)
        self._end_if_left(event)
        if isinstance(event, FencingConfirmed):
            self.end_if_over()

    def _settled(self, ident: EventId, event: Event) -> None:
        """A fact of ours stands in the log."""
        self._node.hands.stands(ident)
        if isinstance(event, OperationFinished):
            self._node.hands.settled(event)
            self._node.remotes.settled(event)

    def end_if_over(self) -> None:
        """Fenced on paper and yet alive: nothing that this boot says counts any more."""
        node = self._node
        own = node.state.nodes.get(node.name)
        if node.roll.has_us and own is not None and own.fenced >= node.boot:
            node.out.append(Exit("this boot was declared over; a new one begins", anew=True))

    def _end_if_left(self, event: Event) -> None:
        node = self._node
        if not isinstance(event, NodeLeft):
            return
        if (event.node, event.boot) == (node.name, node.boot) and node.roll.has_us:
            node.out.append(Exit("left the cluster as ordered", left=True))

    def _counted_in_again(self) -> bool:
        own = self._node.state.nodes.get(self._node.name)
        here = own is not None and own.present and own.boot == self._node.boot
        return own is not None and here and not own.reported

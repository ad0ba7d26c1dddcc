"""Remote nodes as this node's crm deals with them: orders to the remote process, facts back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hanode.effects import TellRemote
from hanode.events import AttributeSet, OperationFinished
from hanode.ids import NodeName
from hanode.local_messages import AttributeWanted, Finished, Noted, Refused, TakeTerm
from hanode.node.agent_attributes import on_its_way
from hanode.peer_messages import Order
from hanode.ra.exit_codes import GENERIC
from hanode.state.remotes import carries

if TYPE_CHECKING:
    from hanode.node.node import Node

ORDERS_MAX = 1024


class Remotes:
    """What is under way on remote nodes whose connection runs here."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._connected = False
        self._told_term = 0
        self._orders: dict[str, Order] = {}
        """Passed on and not yet answered."""
        self._unsettled: dict[tuple[NodeName, int], OperationFinished] = {}
        """By remote node and number: each has an LRM of its own, which counts for itself."""

    def up(self) -> None:
        self._connected = True
        self._told_term = 0
        self.follow_term()

    def down(self) -> None:
        """Whatever it had under way ends with its connections, and nobody knows how: of what was to
        be started the log has it that it may have been (lrm.limits)."""
        self._connected = False
        for order in list(self._orders.values()):
            self._give_up(order, "the remote process of its relay has ended", self._unknown(order))
        self._unsettled.clear()

    def _unknown(self, order: Order) -> str:
        """What to call the end of an order that was passed on: that it was refused is all that can
        be said for a node whose connection isn't here any more."""
        here = carries(self._node.state, self._node.name, order.remote)
        return "error" if here else "refused"

    def follow_term(self) -> None:
        seat = self._node.seat
        if self._connected and seat.leader and self._told_term != seat.term and self._carrying():
            self._told_term = seat.term
            self._node.out.append(TellRemote(TakeTerm(seat.term, self._node.boot)))

    def _carrying(self) -> bool:
        """Whether any remote node's connection runs here."""
        state = self._node.state
        return any(carries(state, self._node.name, remote) for remote in state.remotes)

    def order(self, order: Order) -> None:
        """For a remote node; already known to be ours to relay."""
        if not self._connected or len(self._orders) >= ORDERS_MAX:
            self._give_up(order, "the remote process of its relay is not there")
            return
        self._orders[order.id] = order
        self._node.out.append(TellRemote(replace(order, given_at=self._node.now)))

    def heard(self, message: object) -> None:
        if isinstance(message, Finished):
            self._finished(message)
        elif isinstance(message, Refused) and (order := self._orders.get(message.order)):
            self._give_up(order, message.reason)
        elif isinstance(message, AttributeWanted):
            self._attribute(message)

    def _attribute(self, wanted: AttributeWanted) -> None:
        """An agent over there set one; its value is told again until the log has it."""
        state, name = self._node.state, wanted.remote
        known = state.remotes.get(name)
        if known is None or not carries(state, self._node.name, name):
            return
        coming = on_its_way(self._node, name, wanted.name)
        if (coming.value if coming else known.attributes.get(wanted.name)) != wanted.value:
            self._node.state_fact(AttributeSet(name, wanted.name, wanted.value))

    def settled(self, fact: OperationFinished) -> None:
        """One of these facts stands in the log."""
        for (remote, number), waiting in list(self._unsettled.items()):
            if waiting == fact:
                del self._unsettled[remote, number]
                self._node.out.append(TellRemote(Noted(number, remote)))

    def _finished(self, finished: Finished) -> None:
        fact = finished.fact
        if (fact.node, finished.number) in self._unsettled:
            return
        order = self._orders.get(fact.order)
        if not carries(self._node.state, self._node.name, fact.node):
            self._node.out.append(TellRemote(Noted(finished.number, fact.node)))
            if order is not None:
                self._give_up(order, f"{fact.node} is not reached from here any more")
            return
        self._unsettled[fact.node, finished.number] = fact
        self._orders.pop(fact.order, None)
        self._node.state_fact(fact, cause=f"order {fact.order}" if fact.order else "")

    def _give_up(self, order: Order, reason: str, status: str = "refused") -> None:
        """The DC must hear that its order came to nothing, or to nothing that is known."""
        self._orders.pop(order.id, None)
        node = self._node
        node.state_fact(
            OperationFinished(
                order.remote, order.resource, order.agent, order.task, order.interval_ms, GENERIC,
                status, order.expected_rc, order.id, at=node.clock(), reason=reason,
            ),
            cause=f"order {order.id}",
        )  # fmt: skip

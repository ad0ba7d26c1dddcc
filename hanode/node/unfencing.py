"""Unfencing as the DC sees to it: a node that its devices keep out is let in again.

No intent stands for it. The PE wants it of a node that is heard, an operator of one that isn't.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.document import BadCib, parse_configuration
from hanode.events import FencingFailed
from hanode.fencing.devices import unfencing
from hanode.ids import NodeName
from hanode.peer_messages import ISOLATED, Device, FenceOrder
from hanode.state.records import Intent

if TYPE_CHECKING:
    from hanode.node.node import Node
    from hanode.node.shooting import Shooting

ON = "on"
UNFENCE = "unfence."
"""Begins the request of an unfencing, which no intent stands for."""


class Unfencing:
    """Every node has one; only the DC's acts."""

    def __init__(self, node: Node, shooting: Shooting) -> None:
        self._node = node
        self._shooting = shooting
        self._orders = shooting.orders

    def attend(self) -> None:
        """What operators have ordered."""
        for order in self._node.state.unfencings.values():
            self._see_to(order)

    def _see_to(self, order: Intent) -> None:
        """An operator wants a node let in again, which is not heard: on his word, then. Of one that
        is, the PE knows what must stop there first, and has been asked anew."""
        node = self._node
        target = node.state.nodes.get(order.target)
        if target is not None and target.online:
            return
        if self._orders.awaited(order.request):
            return
        self._orders.await_answer(order.request)
        if no := self._let_in(order.target, order.request):
            failed = FencingFailed(order.request, order.target, "", no, node.name, ON)
            node.state_fact(failed)

    def want(self, target: NodeName) -> None:
        """The PE wants a node let in that is heard."""
        if no := self._let_in(target, UNFENCE + self._orders.new_request()):
            self._shooting.alarm(target, no)

    def _let_in(self, target: NodeName, request: str) -> str:
        """The node itself has its devices let it in; whom others cut off is let in by others.
        Answers why not, if not."""
        node = self._node
        devices = self._devices(target)
        if target not in node.state.nodes or not devices:
            return f"no device that provides unfencing is in charge of {target}"
        isolated = any(device.evidence == ISOLATED for device in devices)
        by_others = isolated or not node.state.nodes[target].online
        executor = next(iter(self._orders.able(target)), target) if by_others else target
        self._orders.give(
            FenceOrder(
                f"{node.seat.term}.fence.{request}", node.seat.term, executor,
                node.state.nodes[executor].boot, request, target, node.state.nodes[target].boot, ON,
                (devices,), after=node.state.position.index,
            )
        )  # fmt: skip
        return ""

    def _devices(self, target: NodeName) -> tuple[Device, ...]:
        try:
            return unfencing(parse_configuration(self._node.state.cib.encode()), target)
        except BadCib:
            return ()

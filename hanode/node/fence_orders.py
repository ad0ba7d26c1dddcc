"""How a DC's orders to fence, or to let in, reach an LRM: again, until they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.ids import NodeName
from hanode.peer_messages import FenceOrder

if TYPE_CHECKING:
    from collections.abc import Collection

    from hanode.events import FencingFailed, NodeReported
    from hanode.node.node import Node

REPEAT = 5.0
"""Seconds after which an order without an answer is given again: it, its executor, or the answer
may be lost. An LRM that has it already does it once."""


class FenceOrders:
    """Those of one DC, counted anew in each office."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._given: dict[str, FenceOrder] = {}
        """By request: the order that was given and not answered since."""
        self._again_at: dict[str, float] = {}
        """Request -> when its order is given once more, unless it is answered before."""
        self._strikers: dict[tuple[str, NodeName], int] = {}
        """Request and who reported to be at it for an earlier DC -> in which boot. Until it tells
        what came of it."""
        self._requests = 0

    def took_office(self) -> None:
        self._given, self._again_at, self._strikers = {}, {}, {}

    def new_request(self) -> str:
        self._requests += 1
        return f"{self._node.seat.term}.{self._node.name}.{self._requests}"

    def able(self, target: NodeName) -> list[NodeName]:
        """Who may strike it, ourselves first."""
        node = self._node
        able = [n for n in node.state.data_nodes if n != target and node.state.nodes[n].online]
        return sorted(able, key=lambda name: name != node.name)

    def awaited(self, request: str) -> bool:
        """It was ordered a moment ago: an answer may come yet."""
        return self._node.now < self._again_at.get(request, 0.0)

    def under_way(self, request: str) -> bool:
        """It was ordered, by us or by an earlier DC, and not answered since by all who have it."""
        at_it = [(name, boot) for (known, name), boot in self._strikers.items() if known == request]
        return request in self._again_at or any(self._may_act(*one) for one in at_it)

    def _may_act(self, name: NodeName, boot: int) -> bool:
        """Whether this boot lives, for all that is known."""
        record = self._node.state.nodes.get(name)
        if record is None or not (record.present or record.lost):
            return False
        return record.boot == boot > record.fenced

    def reported(self, said: NodeReported) -> None:
        """Whom its LRM is fencing, and that it is at nothing else any more."""
        self._strikers = {one: boot for one, boot in self._strikers.items() if one[1] != said.node}
        for request in said.strikes:
            if request in self._node.state.intents:
                self._strikers[request, said.node] = said.boot
                self.await_answer(request)

    def await_answer(self, request: str) -> None:
        self._again_at[request] = self._node.now + REPEAT

    def pursue(self, order: FenceOrder) -> None:
        """Give it until it is answered."""
        self._given[order.request] = order
        self.await_answer(order.request)
        self.give(order)

    def again(self, request: str) -> bool:
        """Give the same order once more, if there is one and its executor is there."""
        order = self._given.get(request)
        if order is None or order.node not in self.able(order.target):
            return False
        if self._node.state.nodes[order.node].boot != order.boot:
            return False
        self.pursue(order)
        return True

    def give(self, order: FenceOrder) -> None:
        """To its executor's LRM."""
        if order.node == self._node.name:
            self._node.hands.fence(order)
        else:
            self._node.send(order.node, order)

    def failed(self, said: FencingFailed, cause: str) -> bool:
        """False: what failed (`cause` names it) was an earlier order; ours may be under way."""
        order = self._given.get(said.request)
        if order is None or cause not in ("", f"order {order.id}"):
            self._strikers.pop((said.request, said.by), None)
            if order is not None:
                return False
        self._given.pop(said.request, None)
        self._again_at.pop(said.request, None)
        return True

    def keep_only(self, standing: Collection[str]) -> None:
        """Of other requests no answer matters any more."""
        self._given = {r: order for r, order in self._given.items() if r in standing}
        self._again_at = {r: at for r, at in self._again_at.items() if r in standing}
        self._strikers = {one: boot for one, boot in self._strikers.items() if one[0] in standing}

    def deadlines(self) -> list[float]:
        return list(self._again_at.values())

"""How much may be fenced: not one node too often, never more than a minority at once (INV-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.score import read
from hanode.ids import NodeName
from hanode.settings import FENCING_WINDOW, FENCINGS_PER_WINDOW
from hanode.state.proofs import OPERATOR

if TYPE_CHECKING:
    from hanode.node.node import Node


class FencingLimits:
    """Every node remembers what was fenced when, by its own clock: any may be the next DC."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._fenced_at: dict[NodeName, dict[str, float]] = {}
        """Target -> request -> when it had succeeded, as far as this node knows."""

    def knows_the_time(self) -> None:
        """The node's life begins: what its own disk told has been at some time, not just now."""
        self._fenced_at.clear()
        self.replaced()

    def replaced(self) -> None:
        """The state came whole, not word by word. Its history tells what was fenced, and how long
        ago by whichever clock says least, ours or that of who spoke last: one may have been set."""
        node = self._node
        at = min(node.state.at, node.clock())
        for fencing in node.state.fencings:
            if fencing.status == "success" and fencing.evidence != OPERATOR:
                ago = max(0.0, at - fencing.completed_at)
                self.fenced(fencing.target, fencing.request, ago)

    def fenced(self, target: NodeName, request: str, ago: float = 0.0) -> None:
        """It counts once, whoever tells of it: the devices here, the log, a snapshot."""
        now = self._node.now
        known = self._fenced_at.setdefault(target, {})
        for old in [r for r, at in known.items() if at <= now - FENCING_WINDOW]:
            del known[old]
        known.setdefault(request, now - ago)

    def forbidden(self, target: NodeName) -> str:
        """INV-17: not too often, and never more than a minority at once."""
        node = self._node
        limit = node.state.options.get("hanode-fencing-limit", "")
        most = read(limit) if limit.isdecimal() else FENCINGS_PER_WINDOW
        known = self._fenced_at.get(target, {})
        lately = [at for at in known.values() if at > node.now - FENCING_WINDOW]
        if len(lately) >= most:
            minutes = int(FENCING_WINDOW / 60)
            return f"{target} was fenced {len(lately)} times in {minutes} minutes; look at it first"
        data = node.state.data_nodes
        out = [name for name in data if name != target and self._out(name)]
        if len(out) >= max(1, (len(data) - 1) // 2):
            return f"{', '.join(out)} fenced and not yet back; no more than a minority is fenced"
        return ""

    def _out(self, name: NodeName) -> bool:
        """It was fenced and is not back, as far as the log knows or soon will, or is just being
        fenced."""
        node, orders = self._node, self._node.coordination.shooting.orders
        record = node.state.nodes[name]
        intents = [i for i in node.state.intents.values() if i.target == name]
        under_way = any(orders.under_way(intent.request) for intent in intents)
        proved = node.facts.proof(name, max(1, record.boot)) is not None
        return under_way or proved or 0 < record.fenced >= record.boot

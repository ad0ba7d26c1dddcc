"""With fencing disabled: a lost node counts as stopped once its lease and its limit are over.

It stops by itself within that time, unless it was told to leave alone what runs there: then only
an operator's word settles it (cluster rule 6).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from hanode.dc.tally import carried
from hanode.events import FencingConfirmed, ViewAgreed
from hanode.ids import NodeName
from hanode.settings import ISOLATION_STOP_LIMIT, lease_by
from hanode.state.left_alone import may_not_know, stays
from hanode.state.walks import lrm_of

if TYPE_CHECKING:
    from hanode.node.node import Node
    from hanode.node.shooting import Shooting

CLOCK_MARGIN = 1.1
"""Two machines' clocks never differ more in rate than this; real ones by far less."""


class TimeBound:
    """Counts on a DC, anew in each office."""

    def __init__(self, node: Node, shooting: Shooting) -> None:
        self._node = node
        self._shooting = shooting
        self._lost_since: dict[NodeName, float] = {}
        self._stated: set[NodeName] = set()
        self._stays: dict[NodeName, tuple[str, str]] = {}
        """Version of the configuration, and what it says of a lost node."""

    def took_office(self) -> None:
        now, nodes = self._node.now, self._node.state.nodes
        self._lost_since = {name: now for name, node in nodes.items() if node.lost}
        self._stated, self._stays = set(), {}

    def attend(self) -> None:
        node = self._node
        for name, record in sorted(node.state.nodes.items()):
            if not record.lost or name in self._stated:
                continue
            if not self._is_parted(name):
                self._lost_since[name] = node.now
            over = self._lost_since.setdefault(name, node.now) + self._bound
            if why := self._why_it_stays(name):
                self._lost_since[name] = node.now  # should that end, it has its time to stop
                why = f"{name} is lost and fencing is disabled; {why}: confirm it"
                self._shooting.alarm(name, why)
            elif node.now >= over and self._is_parted(name, over):
                self._stated.add(name)
                request = self._shooting.orders.new_request()
                node.state_fact(
                    FencingConfirmed(request, name, record.boot, "time-bound", by=node.name)
                )

    def _is_parted(self, name: NodeName, at: float = 0.0) -> bool:
        """As the others said at that time, or later: a crm that was asleep knows less."""
        node = self._node
        here = node.pulse.view.names
        heard = [p for p in node.pulse.peers if p.name in here and p.heard_at >= at]
        views = {peer.name: peer.view for peer in heard}
        return parted(name, {**views, node.name: here}, node.seat.everybody)

    def _why_it_stays(self, name: NodeName) -> str:
        state = self._node.state
        version, why = self._stays.get(name, ("", ""))
        if version != state.version:
            why = stays(state, name) or may_not_know(state, name)
            self._stays[name] = state.version, why
        hung = any(alarm.subject == lrm_of(name) for alarm in state.alarms)
        return why or ("its LRM hung when it was heard last, and stops nothing" if hung else "")

    def settled(self, name: NodeName) -> None:
        self._lost_since.pop(name, None)
        self._stays.pop(name, None)
        self._stated.discard(name)

    def viewed(self, view: ViewAgreed) -> None:
        """The count begins with the commit of the view that lacks the node, and anew as long as no
        majority has such a view."""
        for name, _ in view.present:
            self.settled(name)
        for name, node in self._node.state.nodes.items():
            if node.lost:
                self._lost_since.setdefault(name, self._node.now)

    def deadlines(self) -> list[float]:
        return [since + self._bound for since in self._lost_since.values()]

    @property
    def _bound(self) -> float:
        """By the longest deadtime that was heard of: nodes should have the same, and may not."""
        node = self._node
        heard = (peer.deadtime for peer in node.pulse.peers)
        return isolated_after(max(node.timing.deadtime, *heard, 0.0))


def parted(
    name: NodeName,
    views: Mapping[NodeName, Collection[NodeName]],
    voters: Collection[NodeName],
) -> bool:
    """Whether the agreed views of a majority lack a node, so that the rest can grant it no lease.

    That ours does, and is committed, doesn't say so: whoever took part in it may have lost another
    member before the agreement reached it, and holds to the view before (five in a ring: each
    hears two others, and a node that the DC had lost kept its lease by the other two).
    """
    return carried([voter for voter, view in views.items() if name not in view], voters)


def isolated_after(deadtime: float) -> float:
    """So long after the commit of the view without it, a lost node's lease and its limit to stop
    are both over, so that what it ran may start elsewhere."""
    return (lease_by(deadtime) + ISOLATION_STOP_LIMIT) * CLOCK_MARGIN

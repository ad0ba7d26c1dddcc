"""Whom a DC hears out before it decides anything: what may still run, or be just stopping, where.

A DC starts nothing before every LRM of its view has its term on disk and has reported (cluster
rule 8), before an earlier DC's lease is over, and before missing members had their time to appear:
`initdead` in a cluster that is just coming up, a deadtime in one that has just got its quorum back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.dc.election import lease_over_at
from hanode.ids import NodeName
from hanode.settings import ISOLATION_STOP_LIMIT, JOIN_LIMIT
from hanode.state.operations import ending

if TYPE_CHECKING:
    from hanode.node.node import Node
    from hanode.node.shooting import Shooting

FINISHING_LIMIT = 2 * ISOLATION_STOP_LIMIT
"""Seconds that a stop which a node reports to be under way is waited for; long ones are not."""
STRIKES_LIMIT = 1.0
"""Seconds in which a node that is to be fenced may tell whom its LRM is fencing."""


class Hearing:
    """Of one DC, anew in each term."""

    def __init__(self, node: Node, shooting: Shooting) -> None:
        self._node = node
        self._shooting = shooting
        self._term = 0
        self._awaited: dict[NodeName, float] = {}
        """Who is in the view and has not reported in this term -> until when it may take."""
        self._finishing: dict[NodeName, float] = {}
        """Who has reported -> until when the stops that it reported to be under way may take."""
        self._first_view: tuple[NodeName, ...] = ()
        """The view that we took office in: nothing is decided before these have reported."""
        self._assemble_until = 0.0
        self._strikes_until = 0.0

    def began(self, term: int) -> None:
        """The office is taken, and all that was committed before is applied."""
        node = self._node
        own = node.state.nodes.get(node.name)
        fresh = own is None or own.reported != node.boot
        self._term = term
        came = node.seat.born + node.timing.initdead if fresh else 0.0
        # Whoever was cut off like us is heard a moment later: it is not to be fenced for that.
        self._assemble_until = max(came, node.heart.regained_at + node.timing.deadtime)
        self._strikes_until = node.now + STRIKES_LIMIT
        self._awaited, self._finishing = {}, {}
        self._first_view = node.seat.view.names

    def attend(self) -> None:
        """Who is in the view and silent for too long is fenced."""
        node = self._node
        here = node.seat.view.names
        silent = [
            name
            for name in node.state.data_nodes
            if name in here and not self._has_reported(name) and not self._shooting.wanted(name)
        ]
        self._awaited = {name: self._awaited.get(name, node.now + JOIN_LIMIT) for name in silent}
        for name, until in self._awaited.items():
            if until <= node.now:
                self._shooting.want(name, "reboot", f"its LRM did not report in {JOIN_LIMIT:.0f} s")

    def reported(self, name: NodeName) -> None:
        """A node has said what runs there."""
        self._finishing[name] = self._node.now + FINISHING_LIMIT

    @property
    def over(self) -> bool:
        """Everybody is heard out: something may be decided."""
        if self.held_back or self._stops_under_way():
            return False
        return self._assembled() and self._node.now >= self._predecessor_acts_until()

    @property
    def held_back(self) -> bool:
        """Whether somebody has still to say what runs there: of our first view anybody; of those
        who came (back) since, who may have something left of a boot that it reported in."""
        nodes = self._node.state.nodes
        awaited = [nodes[name] for name in self._awaited if name in nodes]  # not who was removed
        return any(node.name in self._first_view or node.told_of for node in awaited)

    @property
    def strikes_known(self) -> bool:
        """Whether all of our first view have said whom their LRMs are fencing for an earlier DC;
        those who are to be fenced themselves have little time for that."""
        nodes = self._node.state.data_nodes
        silent = [n for n in self._first_view if n in nodes and not self._has_reported(n)]
        return not silent or self._node.now >= self._strikes_until

    def deadlines(self) -> list[float]:
        """When time alone may bring the end."""
        moments = [*self._awaited.values(), *self._finishing.values(), self._assemble_until]
        return [*moments, self._strikes_until, self._predecessor_acts_until()]

    def _has_reported(self, name: NodeName) -> bool:
        record = self._node.state.nodes[name]
        return record.online and record.reported_term == self._term

    def _stops_under_way(self) -> bool:
        """Whether a node reported a moment ago that it is just stopping something (by itself, or
        for the DC before): who asks the PE now is told to start what rests upon it."""
        now, nodes = self._node.now, self._node.state.nodes
        said = [nodes[n] for n, until in self._finishing.items() if now < until and n in nodes]
        return any(node.online and ending(node) for node in said)

    def _assembled(self) -> bool:
        """All members have been here once, or have had their time to come."""
        node = self._node
        here = node.seat.view.names
        if all(name in here for name in node.state.data_nodes):
            self._assemble_until = 0.0  # who goes from now on is lost, not late
        return node.now >= self._assemble_until

    def _predecessor_acts_until(self) -> float:
        """When the lease is over of each earlier DC that a voter of ours had in its view, should
        it be out of ours and not have reported to us."""
        node = self._node
        known = (node.state.nodes.get(name) for name in sorted(node.seat.beside))
        gone = [n.name for n in known if n is not None and n.reported_term != self._term]
        return max(
            (lease_over_at(node.seat, n) for n in gone if n in node.seat.parted), default=0.0
        )

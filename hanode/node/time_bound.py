"""With fencing disabled: a lost node counts as stopped once its lease and its limit are over.

It stops by itself within that time, unless it was told to leave alone what runs there: then only
an operator's word settles it (cluster rule 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.reading import is_true
from hanode.cib.xml import read_xml
from hanode.events import FencingConfirmed, ViewAgreed
from hanode.ids import NodeName
from hanode.quorum import isolated_after
from hanode.state import ClusterState

if TYPE_CHECKING:
    from hanode.node.node import Node
    from hanode.node.shooting import Shooting

STOPPING = ("stop", "fence", "suicide")
"""Policies under which a node without quorum soon runs nothing."""


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
            since = self._lost_since.setdefault(name, node.now)
            if why := self._why_it_stays(name):
                why = f"{name} is lost and fencing is disabled; {why}: confirm it"
                self._shooting.alarm(name, why)
            elif node.now >= since + isolated_after(node.timing):
                self._stated.add(name)
                request = self._shooting.new_request()
                node.state_fact(
                    FencingConfirmed(request, name, record.boot, "time-bound", by=node.name)
                )

    def _why_it_stays(self, name: NodeName) -> str:
        state = self._node.state
        version, why = self._stays.get(name, ("", ""))
        if version != state.version:
            why = stays(state, name)
            self._stays[name] = state.version, why
        return why

    def settled(self, name: NodeName) -> None:
        self._lost_since.pop(name, None)
        self._stated.discard(name)

    def viewed(self, view: ViewAgreed) -> None:
        """The count begins with the commit of the view that lacks the node."""
        for name, _ in view.present:
            self.settled(name)
        for name, node in self._node.state.nodes.items():
            if node.lost:
                self._lost_since.setdefault(name, self._node.now)

    def deadlines(self) -> list[float]:
        bound = isolated_after(self._node.timing)
        return [since + bound for since in self._lost_since.values()]


def stays(state: ClusterState, name: NodeName) -> str:
    """Why a node that was cut off may not have stopped by itself; empty: it has."""
    policy = state.options.get("no-quorum-policy", "stop")
    if policy not in STOPPING:
        return f"no-quorum-policy={policy} lets it run on"
    if is_true(state.options.get("maintenance-mode", "false")):
        return "maintenance mode lets it run on"
    root = read_xml(state.cib.encode())
    for node in root.iterfind("configuration/nodes/node"):
        pairs = node.iterfind("instance_attributes/nvpair[@name='maintenance']")
        if node.get("uname") == name and any(is_true(pair.get("value", "")) for pair in pairs):
            return "maintenance of this node lets it run on"
    for pair in root.iterfind("configuration//meta_attributes/nvpair"):
        option, yes = pair.get("name"), is_true(pair.get("value", ""))
        unmanaged = option == "is-managed" and not yes
        if unmanaged or (option == "maintenance" and yes):
            return "some of its resources are not managed"
    return ""

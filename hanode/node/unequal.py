"""Has the cluster know which nodes have another deadtime than the DC, for as long as they do.

Such a node holds its lease no longer than the others allow (membership/peer), so nothing runs
twice; but whoever has the shorter one is lost, or loses its own quorum, where nobody expects it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.events import Alarm
from hanode.ids import NodeName
from hanode.local_messages import Heard
from hanode.membership.report import unequal
from hanode.state.walks import timing_of

if TYPE_CHECKING:
    from hanode.node.node import Node


class Unequal:
    """A DC's alarms; each is taken back once the node is heard with the DC's own deadtime."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._seen: Heard | None = None
        self._said: dict[NodeName, str] = {}
        """The last word of this life on each."""

    def attend(self) -> None:
        node = self._node
        if node.pulse is self._seen:
            return
        self._seen = node.pulse
        known = {alarm.subject: alarm.message for alarm in node.state.alarms}
        own = round(node.timing.deadtime, 3)
        for peer in node.pulse.peers:
            subject = timing_of(peer.name)
            same = peer.deadtime == own
            word = "" if same else unequal(peer.name, peer.deadtime, node.name, own)
            if not peer.deadtime or peer.name not in node.state.members:
                continue  # not heard yet, or removed
            if word not in (known.get(subject, ""), self._said.get(peer.name)):
                self._said[peer.name] = word
                node.state_fact(Alarm(subject, word))

"""Which nodes can't write their disks, by all that there is to know: the log, and what is true now.

The log has the node's own word with its reason; where the log takes nothing (most disks are full),
a node's pulse still tells it of itself, and of those whose heartbeats it hears.
"""

from __future__ import annotations

from hanode.ids import NodeName
from hanode.mgmt.protocol import Pulse
from hanode.state import ClusterState
from hanode.state.walks import DISK

HEARD_SAY = "its disk takes no writes; it neither votes nor leads"


def ailing(state: ClusterState, pulse: Pulse | None) -> dict[NodeName, str]:
    """Node -> what ails it, by name."""
    found = {
        alarm.subject.removeprefix(DISK): alarm.message
        for alarm in state.alarms
        if alarm.subject.startswith(DISK)
    }
    if pulse is not None:
        for name, peer in pulse.peers.items():
            if name in pulse.view and peer.get("disk") is False:
                found.setdefault(name, HEARD_SAY)
        if pulse.trouble:
            found[pulse.node] = pulse.trouble
    return dict(sorted(found.items()))

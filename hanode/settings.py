"""What a node is told about timing and bounds; seconds unless the name says otherwise."""

from __future__ import annotations

from hanode.lean import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """ha.cf's four, with their meaning there, and what follows from them."""

    keepalive: float = 0.1
    """Between two heartbeats."""
    warntime: float = 0.5
    """Silence after which a late heartbeat is worth a word."""
    deadtime: float = 1.0
    """Silence after which a node is declared lost."""
    initdead: float = 10.0
    """How long a cluster that starts waits for its missing members before it acts without them."""

    @property
    def lease(self) -> float:
        """How long a majority's echo lets a node act: a tenth less than deadtime, so that it is
        over before anybody counts the node as lost, whatever the clocks' rates."""
        return lease_by(self.deadtime)

    @property
    def election(self) -> float:
        """Silence of the DC's log after which a follower asks for votes: if the DC is out of the
        view, or its stream is closed."""
        return self.deadtime

    @property
    def slowness(self) -> float:
        """The same for a DC that is in the view and holds its stream: its machine may have too much
        to do, and an election would add to that."""
        return self.deadtime * 3

    @property
    def announce(self) -> float:
        """Between two appends of a DC with nothing new to say. Heartbeats tell that its node lives,
        so this is for its mind alone: four before a follower doubts that."""
        return self.slowness / 4


def lease_by(deadtime: float) -> float:
    """How long the echo of a node with this deadtime lets another one act."""
    return deadtime * 0.9


ISOLATION_STOP_LIMIT = 2.0
"""A node that lost quorum gives each stop this long, then kills (cluster rule 6)."""
JOIN_LIMIT = 20.0
"""A node in the view whose LRM has not reported after this is treated as failed."""
FENCINGS_PER_WINDOW = 3
FENCING_WINDOW = 1800.0
"""INV-17: so many fencings of one node in so long, then hold and alarm."""
OUTPUT_LIMIT = 64 * 1024
"""Bytes of an agent's output that are kept (the tail)."""
TAIL_LIMIT = 2048
"""Bytes of it that travel with the event."""
EVENTS_IN_FLIGHT = 1024
"""Facts a node holds that the log has not taken yet (the outbox)."""
STANDING_LIMIT = 2.0
"""Seconds after which a crm that has said nothing of itself to the heartbeat no longer advances."""
SNAPSHOT_EVERY = 2000
"""Entries between two snapshots of the fold."""
APPEND_BATCH = 64
"""Entries in one append, ..."""
APPEND_BYTES = 4 * 1024 * 1024
"""... which are no longer than this in all; a single one may be."""
CONSOLE_QUEUE = 256
"""Frames a console may lag behind before it is sent a fresh snapshot instead."""

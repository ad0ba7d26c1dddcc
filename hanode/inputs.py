"""What a part of a node can be told: all that `step(input, now)` of any part takes."""

from __future__ import annotations

from typing import Any

from hanode.ids import NodeName
from hanode.lean import dataclass
from hanode.transition import Transition


@dataclass(frozen=True, slots=True)
class Wake:
    """A deadline came, or may have come."""


@dataclass(frozen=True, slots=True)
class PartUp:
    """Another process of this node (heart, lrm, remote, crm) is connected, perhaps a new life."""

    part: str


@dataclass(frozen=True, slots=True)
class PartDown:
    """Its connection is gone; the supervisor starts it again."""

    part: str


# --------------------------------------------------------------------------------- to the heartbeat


@dataclass(frozen=True, slots=True)
class DatagramArrived:
    link: int
    data: bytes
    waited: float = 0.0
    """Seconds that it lay in the socket before it was looked at."""


@dataclass(frozen=True, slots=True)
class PortRefused:
    """The peer's kernel answers for a port that nobody holds: a hint, not a proof."""

    link: int
    peer: NodeName


@dataclass(frozen=True, slots=True)
class LocalSaid:
    """Another process of this node said something (local_messages.LOCAL)."""

    message: Any
    part: str = ""
    """Which one, where its words alone don't tell: an lrm and the remote process speak alike."""


# --------------------------------------------------------------------------------------- to the crm


@dataclass(frozen=True, slots=True)
class DiskFailed:
    """The log could not be written: in words, why (`disk full: /var/lib/hanode`)."""

    why: str


@dataclass(frozen=True, slots=True)
class DiskWorks:
    """The answer to effects.TryDisk, if there is one: it takes writes again."""


@dataclass(frozen=True, slots=True)
class StreamOpened:
    peer: NodeName


@dataclass(frozen=True, slots=True)
class StreamClosed:
    peer: NodeName


@dataclass(frozen=True, slots=True)
class PeerSaid:
    """Over an authenticated stream (peer_messages.PEER)."""

    peer: NodeName
    message: Any


@dataclass(frozen=True, slots=True)
class Decided:
    """The PE's answer, from its worker, to the question of this id."""

    question: str
    transition: Transition | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A console or a command asks (hanode.mgmt.protocol)."""

    client: str
    operator: str
    role: str
    request: Any


@dataclass(frozen=True, slots=True)
class ClientGone:
    client: str


@dataclass(frozen=True, slots=True)
class WallClock:
    """The wall clock, epoch seconds, now and then: for people and for date rules."""

    at: float


# --------------------------------------------------------------------------------------- to the lrm


@dataclass(frozen=True, slots=True)
class Spawned:
    """The process of effects.Spawn `token` lives."""

    token: int
    pid: int


@dataclass(frozen=True, slots=True)
class SpawnFailed:
    token: int
    missing: bool
    """The agent is not there; otherwise the machine could not fork."""
    reason: str
    no_lease: bool = False
    """Nothing is wrong with agent or machine: the quorum lease was over just before the fork."""


@dataclass(frozen=True, slots=True)
class ProcessEnded:
    token: int
    rc: int
    """Exit code, or minus the signal."""
    output: bytes
    """The tail of stdout."""
    errors: bytes
    """The tail of stderr."""
    exec_ms: int


@dataclass(frozen=True, slots=True)
class TermWritten:
    """The term of effects.WriteTerm is on disk. Not on disk (ok False): stop and demote only."""

    term: int
    ok: bool


@dataclass(frozen=True, slots=True)
class LeaseSeen:
    """Until when this node may start things: monotonic seconds; 0 if it may not."""

    until: float


@dataclass(frozen=True, slots=True)
class CrmConnected:
    """The crm listens (again): what it has not noted is to be said once more."""


@dataclass(frozen=True, slots=True)
class AttributeSaid:
    """An agent asked, through a stand-in tool, to set (or, None, to remove) a node attribute."""

    name: str
    value: str | None
    delay: float = 0.0
    """Dampening, in seconds: until then the cluster doesn't hear of it."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """How starved the machine is, now and then: percent of the last ten seconds in which some
    work waited for a processor, or all work for memory or for disks (/proc/pressure)."""

    cpu: float
    memory: float
    io: float

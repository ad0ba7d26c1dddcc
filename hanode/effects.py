"""What a part of a node can want done. Drivers do it; the core never does anything itself."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from hanode.events import Entry, FencingIntended
from hanode.ids import NodeName, Position
from hanode.lean import dataclass

# ------------------------------------------------------------------------------ of the heartbeat


@dataclass(frozen=True, slots=True)
class SendDatagram:
    """To all peers of a link at once (`peer` empty), or to one."""

    link: int
    data: bytes
    peer: NodeName = ""


@dataclass(frozen=True, slots=True)
class PublishLease:
    """For the LRM to read before each start and promote: monotonic seconds, or 0."""

    until: float


@dataclass(frozen=True, slots=True)
class FeedWatchdog:
    pass


@dataclass(frozen=True, slots=True)
class TellCrm:
    message: Any


# ------------------------------------------------------------------------------------ of the crm


@dataclass(frozen=True, slots=True)
class TellHeart:
    message: Any


@dataclass(frozen=True, slots=True)
class TellLrm:
    message: Any


@dataclass(frozen=True, slots=True)
class TellRemote:
    """To the remote process of this node."""

    message: Any


@dataclass(frozen=True, slots=True)
class Send:
    """To a peer, over its stream; lost if there is none."""

    peer: NodeName
    message: Any


@dataclass(frozen=True, slots=True)
class Vote:
    """What a voter must never forget (Raft's term and votedFor)."""

    term: int
    voted_for: NodeName
    learner: bool = False
    """This disk is behind what was heard from it: no vote until it has caught up."""


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    last: Position
    last_hash: bytes
    state: bytes


@dataclass(frozen=True, slots=True)
class Persist:
    """Write these and fsync; only then do what follows. After a write that failed nothing is
    written in this life of the process, and inputs.DiskFailed says so.

    Writes happen in the order in which they were wanted.
    """

    vote: Vote | None = None
    entries: tuple[Entry, ...] = ()
    truncate: int | None = None
    """First drop the entries after this index."""
    snapshot: SnapshotRecord | None = None
    intent: FencingIntended | None = None
    """Of a survivor of two, which can't bring it into the log before the deed: a record."""
    committed: int = 0
    """Up to here the log is known to be committed, these entries included; 0: nothing new."""
    then: tuple[Any, ...] = ()
    """Effects that must not happen before; and `Wrote`, which tells the core itself."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a disk gives back at start: the sum of all that was persisted."""

    vote: Vote = Vote(0, "")
    snapshot: SnapshotRecord | None = None
    entries: tuple[Entry, ...] = ()
    """Those after the snapshot, and as many before it as are still there; in order."""
    intent: FencingIntended | None = None
    """The last one that this node wrote down by itself; of an earlier boot it gives no right."""
    committed: int = 0
    """Up to here the log was known to be committed: maybe not the last that was."""
    trouble: str = ""
    """Why this disk can be read and not written, if so."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """In `Persist.then`: comes back to the core as an input once the write is durable."""

    last: Position
    term: int


@dataclass(frozen=True, slots=True)
class TryDisk:
    """Does the disk take writes again? If so: inputs.DiskWorks."""


@dataclass(frozen=True, slots=True)
class AskPe:
    """Decide, in the PE's worker; the answer comes back as inputs.Decided.

    A newer question supersedes an older one: the worker may drop it.
    """

    question: str
    cib: bytes
    """The configuration, XML; the worker caches the parsed form by `version`."""
    version: str
    status: Any
    """hanode.cib.status.Status"""
    at: float
    """The wall clock for date rules, epoch seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """To a console or a command (hanode.mgmt.protocol)."""

    client: str
    message: Any


@dataclass(frozen=True, slots=True)
class CloseClient:
    client: str
    reason: str


@dataclass(frozen=True, slots=True)
class SetPeers:
    """With whom to hold streams (their Member values), and which operators may come in."""

    members: tuple[Any, ...]
    operators: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class StartPe:
    """This node may have to decide soon: a worker's start takes longer than a decision."""


@dataclass(frozen=True, slots=True)
class StopPe:
    """It was not needed for long: no worker is kept."""


# ------------------------------------------------------------------------------------ of the lrm


@dataclass(frozen=True, slots=True)
class Spawn:
    """Run argv (never a shell) in a session and process group of its own; output bounded."""

    token: int
    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    resource: str = ""
    """Its cgroup's name, where cgroups are to be had."""
    lease_checked: bool = False
    """Check the quorum lease once more just before the fork."""


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGTERM or SIGKILL to the whole process group (and cgroup) of `token`."""

    token: int
    hard: bool


@dataclass(frozen=True, slots=True)
class KillLeftover:
    """SIGKILL the agent (its process group) that a former life of the lrm started and whose
    environment says HANODE_OPERATION=`mark`, if it still runs; then inputs.ProcessEnded."""

    token: int
    mark: str
    pid: int = 0
    """Of the agent, which leads its group; 0 where it isn't known."""


@dataclass(frozen=True, slots=True)
class KillResource:
    """SIGKILL everything that the resource's agents ever started (its cgroup or sessions)."""

    resource: str


@dataclass(frozen=True, slots=True)
class WriteTerm:
    """To the preallocated term file, with fsync; then inputs.TermWritten."""

    term: int
    boot: int


@dataclass(frozen=True, slots=True)
class LookAtLease:
    """What does heartbeat publish? The answer is inputs.LeaseSeen."""


@dataclass(frozen=True, slots=True)
class SaveTable:
    """The LRM's operation table, so that a restarted LRM knows what it ran (this boot)."""

    data: bytes


# ---------------------------------------------------------------------------------------- of all


@dataclass(frozen=True, slots=True)
class Say:
    """A line for the node's own log file: level (debug, info, warning, error), words, details."""

    level: str
    text: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exit:
    """This process must end: we are wrong, or the disk is.

    Or (left) its node has left the cluster on purpose, and is not to be started again. Or (anew)
    the cluster holds this boot for ended, by fencing evidence, though it lives: all of hanode
    starts again in a new boot, whose report says what really runs.
    """

    reason: str
    left: bool = False
    anew: bool = False
    boot_after: int = 0
    """The next boot's number is to be above this: it was heard of, though not remembered here."""

"""What a console or a command says to a node, and what it is told.

Frames are `length (4 bytes, big-endian) || msgpack` over an SSH channel or the node's Unix socket.
Each request bears a number that its answers repeat; a subscription keeps answering.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from hanode.codec import WITH_STATE, Vocabulary
from hanode.events import VOCABULARY as EVENT_WORDS
from hanode.events import Edit, Entry, Event
from hanode.ids import NodeName, Position
from hanode.lean import dataclass

VERSION = 2
"""Counts up with each change of these words that is more than a new field with a default."""

# ---------------------------------------------------------------------------------- requests


@dataclass(frozen=True, slots=True)
class Hello:
    """First on every connection: who asks, in which version of this protocol."""

    number: int
    version: int = VERSION
    program: str = ""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A snapshot of the state, then each committed entry, and telemetry, as they come.

    With `after`, and if the node's log still has what follows it: no snapshot, only what follows.
    """

    number: int
    after: Position | None = None
    telemetry: bool = True


@dataclass(frozen=True, slots=True)
class FetchState:
    """One snapshot, and right after it one Pulse: so that one picture knows how fresh it is."""

    number: int
    oldest: bool = False
    """Not of now, but the earliest that the node still has: FetchLog gives all that follows it."""


@dataclass(frozen=True, slots=True)
class FetchLog:
    """Committed entries from index `first` on, at most `count`."""

    number: int
    first: int
    count: int = 1000


@dataclass(frozen=True, slots=True)
class Command:
    """An operator's order, as the event that it becomes, packed with hanode.events.VOCABULARY.

    Allowed are CibChanged, HistoryCleared, FencingIntended, FencingConfirmed (evidence
    'operator'), UnfencingOrdered, TicketSet, AttributeSet, NodeLeaving, MemberAdded, MemberRemoved,
    OperatorAdded, OperatorRemoved, and OrderGiven of several such; the node fills in `by`, request
    ids and boots, and the DC decides.
    """

    number: int
    event: bytes
    basis: int | None = None
    """Only if ClusterState.basis is still this."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Enrol:
    """`hanode join`: a new node asks in with a one-time token; answered by `Enrolled`."""

    number: int
    token: str
    name: NodeName
    public: bytes
    kex: bytes
    host_key: bytes
    certificate: bytes
    links: tuple[str, ...]
    stream: str
    role: str = "data"


@dataclass(frozen=True, slots=True)
class MakeToken:
    """A one-time token for `hanode join`, good for `minutes`."""

    number: int
    minutes: int = 15


REQUESTS = Vocabulary(Hello, Subscribe, FetchState, FetchLog, Command, Enrol, MakeToken)

# ----------------------------------------------------------------------------------- answers


@dataclass(frozen=True, slots=True)
class Welcome:
    number: int
    version: int
    node: NodeName
    operator: str
    role: str


@dataclass(frozen=True, slots=True)
class StateImage:
    """ClusterState.pack() as of `position`."""

    number: int
    position: Position
    state: bytes


@dataclass(frozen=True, slots=True)
class Entries:
    number: int
    entries: tuple[Entry, ...]
    last: int
    """The last committed index here."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Telemetry: true only now. Every few hundred milliseconds while something changes, and at
    least every 5 s, so that a console knows that its line lives."""

    number: int
    node: NodeName
    role: str
    """This node's: dc, follower, candidate, learner."""
    dc: NodeName
    term: int
    position: Position
    commit: int
    quorate: bool
    peers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """name -> heard (seconds ago), rtt_ms, loss, links (list of bool), dc, term, index, hears, view
    (names), disk (its log can be written): beliefs, by the peer's own word."""
    running: tuple[dict[str, Any], ...] = ()
    """Actions in flight, on the DC: id, task, node, resource, since (seconds ago)."""
    deciding: float = 0.0
    """Seconds for which the PE has been thinking; 0 when it is not."""
    drift: dict[str, dict[str, float]] = field(default_factory=dict)
    """The LRM's telemetry since the last pulse, by subject (`RESOURCE.monitor_10000`): exec_ms,
    queue_ms and rc of monitors that stay as they were."""
    view: tuple[NodeName, ...] = ()
    """The members of this node's agreed view."""
    trouble: str = ""
    """What ails this node itself, in words: its disk can't be written, so it does not vote."""
    clock: float = 0.0
    """Its wall clock, epoch seconds."""
    head: bytes = b""
    """The hash of the entry `commit`: who has the same there has the same log up to there."""
    attached: tuple[str, ...] = ()
    """Operators whose consoles follow this node."""


@dataclass(frozen=True, slots=True)
class Done:
    """A Command is committed at `index`."""

    number: int
    index: int


@dataclass(frozen=True, slots=True)
class Denied:
    """It was not done. code: usage, forbidden, stale, no-quorum, unavailable, invalid, unknown."""

    number: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Token:
    number: int
    token: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """All that a new node needs: the cluster's id and its members' keys and addresses."""

    number: int
    cluster: bytes
    name: str
    members: tuple[bytes, ...]
    """Packed Members, the new one among them."""
    timing: dict[str, float] = field(default_factory=dict)
    """The answering node's keepalive, warntime, deadtime and initdead, in seconds: they are the
    same on all nodes."""


ANSWERS = Vocabulary(
    Welcome, StateImage, Entries, Pulse, Done, Denied, Token, Enrolled, limit=WITH_STATE
)


def command(number: int, event: Event, basis: int | None = None, why: str = "") -> Command:
    """An operator's order as a request."""
    return Command(number, EVENT_WORDS.pack(event), basis, why)


__all__ = [
    "ANSWERS", "REQUESTS", "VERSION", "Command", "Denied", "Done", "Edit", "Enrol", "Enrolled",
    "Entries", "FetchLog", "FetchState", "Hello", "MakeToken", "Pulse", "StateImage", "Subscribe",
    "Token", "Welcome", "command",
]  # fmt: skip

"""What can be said of a cluster: the vocabulary of the log. A newcomer reads this first.

An event is a fact that a node states, or an operator's order that it passes on. It travels as a
`Statement` (who, when, why, what), signed; the DC gives it a place in the log as an `Entry`. The
fold of the entries is `hanode.state.ClusterState`.
"""

from __future__ import annotations

import hashlib
from dataclasses import field, fields
from functools import lru_cache
from typing import Any

from hanode.codec import Garbled, Vocabulary
from hanode.ids import EventId, NodeName, Position
from hanode.lean import dataclass

# ---------------------------------------------------------------- values that events are made of


@dataclass(frozen=True, slots=True)
class Member:
    """A node of the cluster and the keys that speak for it."""

    name: NodeName
    number: int
    """1 to 255, never given twice; names the member in a heartbeat's vector of MACs."""
    role: str
    """'data' runs resources and keeps the log; 'witness' votes and keeps positions only."""
    public: bytes
    """Ed25519, 32 bytes: signs its events."""
    kex: bytes = b""
    """X25519, 32 bytes: from it the pairwise heartbeat keys."""
    host_key: bytes = b""
    """Ed25519, 32 bytes: its SSH host key, and its client key towards peers."""
    certificate: bytes = b""
    """Signature by `public`, context 'certificate', over name, kex and host_key."""
    links: tuple[str, ...] = ()
    """Its heartbeat addresses, `host:port`, one per link, in the links' order."""
    stream: str = ""
    """Its address for consoles and peers, `host:port`."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A person's key and what it may do."""

    name: str
    public: bytes
    role: str = "admin"
    """viewer, operator, fencer, admin (see hanode.mgmt.roles)."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of a configuration change, on elements of the CIB that are named by their id (or by
    SECTION/ID, where an id stands in several sections).

    verb 'put': `xml` replaces the element with its id, or is appended to `target` (the id of an
    element, or the name of a section). verb 'remove': the element `target` goes, with its
    children. verb 'set': attribute `name` of element `target` becomes `value` ('' removes it).
    verb 'replace': `xml` is the whole new configuration.
    """

    verb: str
    target: str = ""
    xml: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One action of a transition, as people see it."""

    id: int
    task: str
    node: NodeName
    resource: str = ""
    operation: str = ""
    reason: str = ""
    after: tuple[int, ...] = ()
    """Ids of the actions that it waits for."""


# ------------------------------------------------------------------------------------ the events


@dataclass(frozen=True, slots=True)
class ClusterFounded:
    """The first entry of every log: a cluster, its first member and operators, its first CIB."""

    cluster: bytes
    """16 random bytes, bound into every signature."""
    name: str
    members: tuple[Member, ...]
    operators: tuple[Operator, ...] = ()
    cib: str = ""


@dataclass(frozen=True, slots=True)
class MemberAdded:
    member: Member


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    name: NodeName


@dataclass(frozen=True, slots=True)
class OperatorAdded:
    operator: Operator


@dataclass(frozen=True, slots=True)
class OperatorRemoved:
    name: str


@dataclass(frozen=True, slots=True)
class DcElected:
    """A DC's first word in its term; what it commits, it commits from here on."""

    term: int
    dc: NodeName
    votes: tuple[NodeName, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewAgreed:
    """Who hears each other, as the DC's side agreed; each with the boot that it is in."""

    present: tuple[tuple[NodeName, int], ...]
    quorate: bool = True
    silent: tuple[tuple[NodeName, float], ...] = ()
    """Who fell out of the view, and the seconds since the DC last heard it: for people."""


@dataclass(frozen=True, slots=True)
class NodeReported:
    """A node's LRM took up a term and says all that it knows to run: the node is online."""

    node: NodeName
    boot: int
    term: int
    operations: tuple[OperationFinished, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    known: int = 0
    """Up to here it knows the log, and so acts by it."""
    gone: tuple[str, ...] = ()
    """Attributes that its agents took away."""
    strikes: tuple[str, ...] = ()
    """Requests of the fencings that it is at, as an earlier DC ordered."""


@dataclass(frozen=True, slots=True)
class NodeLeaving:
    """An operator shuts a node's hanode down; the PE first stops what it runs."""

    node: NodeName
    boot: int


@dataclass(frozen=True, slots=True)
class NodeLeft:
    """It runs nothing and is gone on purpose: no reason to fence it."""

    node: NodeName
    boot: int


@dataclass(frozen=True, slots=True)
class CibChanged:
    """A configuration change that was based on version `base` (`admin_epoch.epoch.num_updates`);
    it applies only to just that version."""

    base: str
    edits: tuple[Edit, ...]
    by: str = ""
    """Operator, or node for a stand-in tool of an agent."""
    why: str = ""
    """The command that does the same."""


@dataclass(frozen=True, slots=True)
class AttributeSet:
    """A transient attribute of a node (promotion score, ping count, ...); None takes it away."""

    node: NodeName
    name: str
    value: str | None
    after: int = 0
    """Of an unfencing: the log index of the state on which it was ordered; 0: not said."""


@dataclass(frozen=True, slots=True)
class TicketSet:
    ticket: str
    granted: bool | None = None
    standby: bool | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class OperationFinished:
    """What came of one operation of an agent. Stated by the node that ran it.

    A recurring monitor is stated when it first answers and when it changes its mind.
    """

    node: NodeName
    resource: str
    agent: str
    """`class:provider:type` or `class:type`."""
    task: str
    """start, stop, monitor, promote, demote, notify, migrate_to, migrate_from, reload-agent, ..."""
    interval_ms: int
    rc: int
    """OCF exit code (0 to 9, 190, 191); meaningless unless status is 'done'."""
    status: str
    """done, timeout, cancelled, error (could not be executed: the node's trouble), not-installed,
    refused (an order that the LRM did not carry out: no result of the resource at all).
    'pending' is stated before a start on a remote node, and where record-pending asks for it."""
    expected_rc: int = 0
    order: str = ""
    """Id of the order it answers; empty for news of a recurring monitor."""
    call_id: int = 0
    """Counts the node's facts in its boot: each has its own, later ones are larger."""
    at: float = 0.0
    """Wall clock when it ended, epoch seconds: for people, and for failure-timeout."""
    exec_ms: int = 0
    queue_ms: int = 0
    reason: str = ""
    """The agent's exit reason (its last `ocf_exit_reason`)."""
    tail: str = ""
    """The end of its output."""
    digest: str = ""
    """Of its parameters, so that a change of them is seen."""
    peer: str = ""
    """For migrate_to and migrate_from: the other node."""
    reloadable: tuple[str, ...] = ()
    """Parameters whose change the agent takes up by a reload, as its metadata says."""
    restart_digest: str = ""
    """Of all other parameters, where the agent has a reload."""


@dataclass(frozen=True, slots=True)
class HistoryCleared:
    """`cleanup`: forget a resource's failures (and history, so that it is probed) on a node."""

    resource: str
    """Empty: of all resources."""
    node: NodeName = ""
    """Empty: on all nodes."""
    by: str = ""
    failures_only: bool = False
    """Fail counts go, history stays (the PE's `clear_failcount`)."""


@dataclass(frozen=True, slots=True)
class FencingIntended:
    """The need to fence, before anything is done about it; nothing but the outcome removes it."""

    request: str
    target: NodeName
    boot: int
    """The target's boot that is to end; evidence is void once a later one was heard."""
    action: str
    """reboot or off."""
    reason: str
    by: str = ""
    """Empty: the cluster; else the operator who ordered it."""


@dataclass(frozen=True, slots=True)
class FencingConfirmed:
    """Proof that a node's boot is over."""

    request: str
    target: NodeName
    boot: int
    evidence: str
    """power-verified, isolation-verified, operator, watchdog, time-bound (cluster rule 7)."""
    device: str = ""
    by: NodeName = ""
    """The node that did it, or the operator who says so."""
    exec_ms: int = 0
    after: int = 0
    """Log index of the state on which it was ordered, where a device did it."""


@dataclass(frozen=True, slots=True)
class FencingFailed:
    """An attempt came to nothing; an intent to fence stands, an order to unfence is over."""

    request: str
    target: NodeName
    device: str
    reason: str
    by: NodeName = ""
    action: str = ""
    """on: it was to be unfenced."""


@dataclass(frozen=True, slots=True)
class FencingLapsed:
    """An intent that has lost its object: the target came back in a later boot and reported."""

    request: str
    target: NodeName
    reason: str


@dataclass(frozen=True, slots=True)
class UnfencingOrdered:
    """An operator wants a node let in again which fence devices keep out. Its devices are told to,
    until they say that it is so (`#node-unfenced` is set) or that they can't (FencingFailed)."""

    target: NodeName
    boot: int = 0
    request: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class OrderGiven:
    """Several orders of one operator that stand or fall together: one place in the log, one state
    that they were previewed on."""

    parts: tuple[bytes, ...]
    """Each packed with VOCABULARY, of a kind in ORDERS."""

    def open(self) -> tuple[Event, ...]:
        """Raises codec.Garbled."""
        return tuple(VOCABULARY.unpack(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class VoteRestored:
    """Two nodes alone, of which one went on by one vote (its DcElected says so): the other has
    rejoined in this boot and caught up, and both votes count again (cluster rule 5)."""

    node: NodeName
    boot: int


@dataclass(frozen=True, slots=True)
class TransitionStarted:
    """The TE begins to walk what the PE decided on the state after entry `basis`."""

    transition: int
    basis: int
    actions: tuple[Planned, ...]
    summary: tuple[str, ...] = ()
    """The decision in sentences."""


@dataclass(frozen=True, slots=True)
class TransitionEnded:
    transition: int
    outcome: str
    """complete, or why it was given up."""
    done: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something only a person can settle (fencing limit reached, no device, ...)."""

    subject: str
    message: str
    """Empty: it is settled, as the one who raised it sees."""


EVENTS: tuple[type, ...] = (
    ClusterFounded, MemberAdded, MemberRemoved, OperatorAdded, OperatorRemoved,
    DcElected, ViewAgreed, NodeReported, NodeLeaving, NodeLeft,
    CibChanged, AttributeSet, TicketSet,
    OperationFinished, HistoryCleared,
    FencingIntended, FencingConfirmed, FencingFailed, FencingLapsed, UnfencingOrdered, VoteRestored,
    OrderGiven, TransitionStarted, TransitionEnded, Alarm,
)  # fmt: skip
Event = Any
"""One of EVENTS. (Their union would cost each reader more than it tells.)"""
VOCABULARY = Vocabulary(*EVENTS)
ORDERS: tuple[type, ...] = (
    CibChanged, AttributeSet, TicketSet, HistoryCleared, FencingIntended, FencingConfirmed,
    NodeLeaving, UnfencingOrdered,
)  # fmt: skip
"""What an order of several parts may be made of."""


def parts(event: Event) -> tuple[Event, ...]:
    """The events that readers react to: those of an order of several, else it alone."""
    return event.open() if isinstance(event, OrderGiven) else (event,)


# ----------------------------------------------------------------------- how they stand in the log


@dataclass(frozen=True, slots=True)
class Statement:
    """An event as its actor states it: the bytes that are signed."""

    actor: NodeName
    boot: int
    n: int
    at: float
    """The actor's wall clock, epoch seconds: information for people, never decided upon."""
    cause: str
    """EventId, `order ID`, or empty: what led to it."""
    event: bytes
    """VOCABULARY.pack(event)"""

    @property
    def id(self) -> EventId:
        return EventId(self.actor, self.boot, self.n)


STATEMENTS = Vocabulary(Statement)


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement's exact bytes and the signature over them (context 'event')."""

    payload: bytes
    signature: bytes

    def open(self) -> tuple[Statement, Event]:
        """What it says. Raises codec.Garbled. Check the signature first."""
        return _opened(self.payload)


@lru_cache(maxsize=1024)
def _opened(payload: bytes) -> tuple[Statement, Event]:
    """A fact is read when it is proposed, checked, applied and shown: decode it once.

    An order of several can be read if each of them can: who has opened one need not ask again.
    """
    statement = STATEMENTS.unpack(payload)
    event = VOCABULARY.unpack(statement.event)
    if isinstance(event, OrderGiven) and OrderGiven in map(type, parts(event)):
        raise Garbled("an order of several within an order of several")
    return statement, event


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement's place in the log, chained to the one before."""

    term: int
    index: int
    previous: bytes
    """The hash of the entry before: 32 bytes."""
    signed: Signed

    @property
    def position(self) -> Position:
        return Position(self.term, self.index)

    def hash(self) -> bytes:
        """BLAKE2b-256 over the whole entry: equal hashes, equal logs up to here."""
        chain = hashlib.blake2b(self.previous, digest_size=32)
        chain.update(self.term.to_bytes(8, "big") + self.index.to_bytes(8, "big"))
        chain.update(self.signed.payload)
        chain.update(self.signed.signature)
        return chain.digest()


NO_HASH = bytes(32)


def kind(event: Event) -> str:
    """The event's name, for filters and for people."""
    return type(event).__name__


def body(event: Event) -> dict[str, Any]:
    """Its fields, shallow."""
    return {f.name: getattr(event, f.name) for f in fields(event)}

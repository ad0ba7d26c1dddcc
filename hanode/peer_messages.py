"""What nodes say to each other, on authenticated streams.

Nothing here is remembered; what is to be remembered is an event. Heartbeats have a form of their
own (hanode.messaging), and so has what is said to consoles (hanode.mgmt.protocol). What then goes
on inside a node, as an order does to its LRM, is here too: another node must understand it.
"""

from __future__ import annotations

from dataclasses import field

from hanode.codec import WITH_STATE, Vocabulary
from hanode.events import Entry, Member, Signed
from hanode.ids import NodeName, Position
from hanode.lean import dataclass

# ----------------------------------------------------------------------------------- the log (Raft)


@dataclass(frozen=True, slots=True)
class VoteRequest:
    """May I lead `term`? With `trial`, only: would you say yes (pre-vote; nothing is promised)."""

    term: int
    candidate: NodeName
    boot: int
    last: Position
    trial: bool


@dataclass(frozen=True, slots=True)
class VoteReply:
    term: int
    voter: NodeName
    boot: int
    granted: bool
    trial: bool
    reason: str = ""
    beside: NodeName = ""
    """An earlier DC which the voter has in its view, and so goes on to give a lease."""


@dataclass(frozen=True, slots=True)
class Append:
    """The DC's log after `previous`, and how far it is committed. Empty: I am still here."""

    term: int
    leader: NodeName
    boot: int
    previous: Position
    previous_hash: bytes
    entries: tuple[Entry, ...]
    commit: int
    round: int
    """Numbers the DC's sends; the reply bears it, so that the DC knows when it was still heard."""


@dataclass(frozen=True, slots=True)
class AppendReply:
    term: int
    node: NodeName
    boot: int
    round: int
    ok: bool
    match: int
    """ok: the index up to which the logs agree, on disk here. Else: where to try next."""
    reason: str = ""
    learner: bool = False
    """Its disk has lost what it once acknowledged: what it has now is told, and does not count."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The latest boot that was ever heard of the addressee, and the last position that it was
    heard to have on disk: a disk restored from an older copy learns from this that it is one."""

    boot: int
    position: Position
    last_word: int = 0
    """Number of the last statement that the log has of it, made in this boot; 0: of none."""
    member: int = 0
    """The member's own number, as far as the sender's log tells: of somebody who had the
    addressee's name before, the addressee has forgotten nothing. 0: it tells of no such member."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """For a follower whose gap the log no longer covers: the fold itself."""

    term: int
    leader: NodeName
    boot: int
    last: Position
    last_hash: bytes
    state: bytes
    round: int


# --------------------------------------------------------------------------------- facts and orders


@dataclass(frozen=True, slots=True)
class Propose:
    """A fact for the DC to put into the log. Said again until its event id is in the log."""

    signed: Signed
    basis: int | None = None
    """Only if the state's basis (see ClusterState) is still this: an operator's preview stands."""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Why a proposal was not taken. (That it was, its proposer sees in the log.)"""

    question: str
    """The proposal's, or the id of its event."""
    reason: str


@dataclass(frozen=True, slots=True)
class Order:
    """The DC tells a node's LRM to do one thing. Bears the term: the fencing token."""

    id: str
    """`term.transition.action`: done at most once in a boot."""
    term: int
    node: NodeName
    boot: int
    """Of the addressee: an order to an earlier boot is void."""
    resource: str
    agent: str
    task: str
    """An OCF action, or 'cancel' of the recurring `operation`; or 'shutdown', of all of hanode."""
    interval_ms: int = 0
    timeout_ms: int = 20_000
    expected_rc: int = 0
    operation: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    cause: str = ""
    needs_quorum: bool = True
    """What brings something up, here or (migrate_to) elsewhere, checks the quorum lease first; a
    stop never does."""
    remote: NodeName = ""
    """The remote node whose agent is meant; `node` only relays. Empty: `node` itself."""
    given_at: float = 0.0
    """When the crm handed it to its LRM, in seconds of their machine's monotonic clock."""
    may_run: bool = False
    """A migration of which only its source knew may have brought it there: it counts as running
    until somebody has looked."""


POWERLESS, ISOLATED = "power-verified", "isolation-verified"
"""What a fence device proves: that the node's machine is off, or that it is cut off from what it
served."""


@dataclass(frozen=True, slots=True)
class FenceOrder:
    """Fence `target`: try these devices level by level, verify, say what came of it."""

    id: str
    term: int
    node: NodeName
    """Who is to do it."""
    boot: int
    request: str
    target: NodeName
    target_boot: int
    action: str
    """off, reboot, on."""
    levels: tuple[tuple[Device, ...], ...]
    timeout_ms: int = 60_000
    after: int = 0
    """Log index of the state on which it was ordered."""
    alone: bool = False
    """Of the survivor of two, who has no quorum; a DC that has lost it strikes nobody."""


@dataclass(frozen=True, slots=True)
class Device:
    """A fence device as configured: a resource of class stonith."""

    id: str
    agent: str
    """The fence agent's file name, such as fence_ipmilan."""
    plug: str
    """What the device calls the target."""
    parameters: dict[str, str] = field(default_factory=dict)
    evidence: str = POWERLESS
    """What its verified off proves: that the target has no power, or that it is cut off."""


# -------------------------------------------------------------------------------------- the members


@dataclass(frozen=True, slots=True)
class Roster:
    """DC to witness: the members as the log has them, which a witness does not keep. crm to
    heartbeat: the members to hear; the first one names the view again after a restart."""

    cluster: bytes
    members: tuple[Member, ...]
    as_of: int = 0
    """The last entry that is known here to be committed. Whom a roster of an earlier one does not
    name may well have joined since: a crm that starts again begins with its snapshot."""


PEER = Vocabulary(
    VoteRequest, VoteReply, Append, AppendReply, Snapshot, Propose, Proposed, Order, FenceOrder,
    Roster, Remembered, limit=WITH_STATE,
)  # fmt: skip

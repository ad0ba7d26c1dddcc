"""What the parts of a cluster say to each other, and the processes of a node among themselves.

Nothing here is remembered; what is to be remembered is an event. Three vocabularies: PEER (node to
node, on authenticated streams), LOCAL (between a node's own processes, on socket pairs), and the
console's in hanode.mgmt.protocol. Heartbeats have a form of their own: hanode.messaging.
"""

from __future__ import annotations

from dataclasses import field

from hanode.codec import WITH_STATE, Vocabulary
from hanode.events import Entry, Member, OperationFinished, Signed
from hanode.ids import NodeName, Position
from hanode.lean import dataclass

# ------------------------------------------------------------------- node to node: the log (Raft)


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


# --------------------------------------------------------------- node to node: facts and orders


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
    """Start and promote check the quorum lease first; a stop never does."""
    remote: NodeName = ""
    """The remote node whose agent is meant; `node` only relays. Empty: `node` itself."""
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

    def result(
        self, ok: bool, reason: str, evidence: str = "", device: str = "", exec_ms: int = 0
    ) -> FenceResult:
        """What came of it."""
        what = (self.id, self.request, self.target, self.target_boot)
        return FenceResult(*what, ok, evidence, device, reason, exec_ms, self.after)


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


# ------------------------------------------------------------- inside a node: crm and heartbeat


@dataclass(frozen=True, slots=True)
class Roster:
    """crm to heartbeat: the members to hear. The first one names the view again after a restart.
    DC to witness: the members as the log has them, which a witness does not keep."""

    cluster: bytes
    members: tuple[Member, ...]
    as_of: int = 0
    """The last entry that is known here to be committed. Whom a roster of an earlier one does not
    name may well have joined since: a crm that starts again begins with its snapshot."""


@dataclass(frozen=True, slots=True)
class Standing:
    """crm to heartbeat, often: I advance; what to tell the others of me."""

    term: int
    dc: NodeName
    position: Position
    """Last entry on disk here."""
    lrm_alive: bool
    running: int
    """How many resources run here that need quorum: none, and the watchdog asks for less."""
    disk: bool = True
    """The log can be written here."""


@dataclass(frozen=True, slots=True)
class View:
    """Who hears each other, agreed among them."""

    number: int
    members: tuple[tuple[NodeName, int], ...]
    """(name, boot), sorted by name."""
    quorate: bool

    @property
    def names(self) -> tuple[NodeName, ...]:
        return tuple(name for name, _ in self.members)


@dataclass(frozen=True, slots=True)
class Heard:
    """heartbeat to crm: the view, and what telemetry says of each peer."""

    view: View
    peers: tuple[PeerPulse, ...]
    lease_until: float
    """Monotonic; this node may start things before then."""
    health: int = 0
    """Lifeguard's local health: 0 is well; each step lengthens our own suspicions."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Datagrams that came to nothing, by reason (hanode.messaging.counters.REASONS)."""

    @property
    def echoed(self) -> dict[NodeName, float]:
        """When our last echo to each peer left."""
        return {peer.name: peer.echoed_at for peer in self.peers}

    @property
    def claimants(self) -> frozenset[NodeName]:
        """Peers that say of themselves that they are the DC."""
        return frozenset(peer.name for peer in self.peers if peer.dc == peer.name)


@dataclass(frozen=True, slots=True)
class PeerPulse:
    """What the heartbeats of one peer tell."""

    name: NodeName
    boot: int
    heard_at: float
    """Monotonic time of the last one; 0 for never."""
    echoed_at: float
    """When this node's last echo of a *new* heartbeat of that peer left: a vote against a DC
    waits from here."""
    term: int
    dc: NodeName
    position: Position
    rtt_ms: float
    loss: float
    """Share of its heartbeats missed lately, best link."""
    links: tuple[bool, ...]
    """Heard on each link."""
    lrm_alive: bool = True
    hears: tuple[NodeName, ...] = ()
    """Whom it hears both ways, by its own word."""
    view: tuple[NodeName, ...] = ()
    """The members of its agreed view, by its own word."""
    disk: bool = True
    """Its log can be written."""
    deadtime: float = 0.0
    """Seconds, by its own word; 0 before it was heard."""


# ------------------------------------------------------------------- inside a node: crm and lrm


@dataclass(frozen=True, slots=True)
class TakeTerm:
    """crm to lrm: from now on only this term's orders; say so when it is on disk, and report."""

    term: int
    boot: int


@dataclass(frozen=True, slots=True)
class TermTaken:
    """lrm to crm: the term is on disk, and this is all that runs or ran here in this boot."""

    term: int
    boot: int
    operations: tuple[OperationFinished, ...]
    """Operations still under way are among them, with status 'pending'."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Node attributes that agents set in this boot (promotion scores and the like)."""
    gone: tuple[str, ...] = ()
    """Those that they took away, and of which the log may not know it yet."""


@dataclass(frozen=True, slots=True)
class Finished:
    """lrm to crm: a fact for the log. Said again until `Noted`, across restarts of the crm."""

    number: int
    fact: OperationFinished


@dataclass(frozen=True, slots=True)
class Noted:
    """crm to lrm: the fact of this number is safe in the log."""

    number: int


@dataclass(frozen=True, slots=True)
class Forget:
    """crm to lrm: a resource's history was cleared (`cleanup`): forget results and recurring
    monitors of it, so that no later report brings them back. It will be probed."""

    resource: str
    """Empty: of all resources."""
    up_to: int
    """The call of the last result that the log had by then: a crm that was just started again may
    hear of a clean-up of long ago."""


@dataclass(frozen=True, slots=True)
class Refused:
    """lrm to crm: this order was not carried out (old term, no lease, known already)."""

    order: str
    reason: str


CALLED_OFF = "it is back in another boot"


@dataclass(frozen=True, slots=True)
class CallOff:
    """crm to lrm: who was to be fenced by this request is back in another boot, and is not to
    be. What is under way ends."""

    request: str


@dataclass(frozen=True, slots=True)
class FenceResult:
    """lrm to crm: what came of a FenceOrder."""

    order: str
    request: str
    target: NodeName
    target_boot: int
    ok: bool
    evidence: str
    """POWERLESS or ISOLATED when a status query proved it; empty when not ok."""
    device: str
    reason: str
    exec_ms: int
    after: int = 0
    """The order's."""


@dataclass(frozen=True, slots=True)
class SelfRule:
    """crm to lrm, without quorum: this node's own decision. May only stop or demote, and each
    stop is limited; then the resource's processes are killed."""

    order: Order
    limit_ms: int


@dataclass(frozen=True, slots=True)
class AloneRule:
    """crm to lrm, again and again where it says `stop`: should you hear no more of me, and the
    quorum lease be over, stop what runs here by yourself (fencing is disabled)."""

    stop: bool


@dataclass(frozen=True, slots=True)
class AttributeWanted:
    """lrm to crm: an agent set a node attribute through one of our stand-in tools."""

    name: str
    value: str | None
    remote: str = ""
    """The remote node whose agent it was; empty: this node's."""


@dataclass(frozen=True, slots=True)
class AttributeGone:
    """crm to lrm: the log knows that this attribute of the node was taken away."""

    name: str


@dataclass(frozen=True, slots=True)
class Telemetry:
    """lrm to crm to consoles: true only now, never in the log. Small plain values."""

    subject: str
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Alive:
    """lrm to crm, every second or so."""

    running: int
    """Resources that run here, or may, or are just being brought."""


PEER = Vocabulary(
    VoteRequest, VoteReply, Append, AppendReply, Snapshot, Propose, Proposed, Order, FenceOrder,
    Roster, Remembered, limit=WITH_STATE,
)  # fmt: skip
LOCAL = Vocabulary(
    Roster, Standing, Heard, TakeTerm, TermTaken, Finished, Noted, Forget, Refused, Order,
    FenceOrder, CallOff, FenceResult, SelfRule, AloneRule, AttributeWanted, AttributeGone,
    Telemetry, Alive,
)  # fmt: skip

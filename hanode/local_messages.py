"""What a node's own processes say to each other, on socket pairs: crm, heartbeat, lrm, remote.

Nothing here is remembered, nor said to another node. What comes from one, or goes to one, they pass
on in the words that it came in: those of hanode.peer_messages.
"""

from __future__ import annotations

from dataclasses import field

from hanode.codec import Vocabulary
from hanode.events import OperationFinished
from hanode.ids import NodeName, Position
from hanode.lean import dataclass
from hanode.peer_messages import FenceOrder, Order, Roster

# -------------------------------------------------------------------------------- crm and heartbeat


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


# -------------------------------------------------------------------------------------- crm and lrm


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
    strikes: tuple[str, ...] = ()
    """Requests of the fencings that it is at."""


@dataclass(frozen=True, slots=True)
class Finished:
    """lrm to crm: a fact for the log. Said again until `Noted`, across restarts of the crm."""

    number: int
    fact: OperationFinished


@dataclass(frozen=True, slots=True)
class Noted:
    """crm to lrm: the fact of this number is safe in the log."""

    number: int
    remote: NodeName = ""
    """The remote node whose LRM has so numbered it; empty: this node's."""


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


@dataclass(frozen=True, slots=True)
class Recall:
    """crm to lrm: an order that may not have come there, and is not to be begun any more. If it
    came, its answer is awaited, or wanted once more; if not, it is refused."""

    order: str


CALLED_OFF = "it is back in another boot"


@dataclass(frozen=True, slots=True)
class CallOff:
    """crm to lrm: who was to be fenced by this request is back in another boot, and is not to
    be. What is under way ends; what a reboot may have switched off is switched on."""

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

    @classmethod
    def of(
        cls, order: FenceOrder, ok: bool, reason: str,
        evidence: str = "", device: str = "", exec_ms: int = 0,
    ) -> FenceResult:  # fmt: skip
        """The answer to this order."""
        what = (order.id, order.request, order.target, order.target_boot)
        return cls(*what, ok, evidence, device, reason, exec_ms, order.after)


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


LOCAL = Vocabulary(
    Roster, Standing, Heard, TakeTerm, TermTaken, Finished, Noted, Forget, Refused, Order,
    FenceOrder, CallOff, FenceResult, SelfRule, AloneRule, AttributeWanted, AttributeGone,
    Telemetry, Alive, Recall,
)  # fmt: skip

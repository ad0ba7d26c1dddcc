"""The state of a cluster: what its log, read from the beginning, amounts to.

Every replica, console and replay that has applied the same entries holds equal states. Nothing
changes a state but `fold.apply`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from hanode.cib.edits import EMPTY
from hanode.cib.reading import is_true
from hanode.codec import STATE_LIMIT, build, pack_plain, unpack_plain
from hanode.events import Member, Operator
from hanode.ids import ORIGIN, NodeName, Position
from hanode.state.migrations import Migration
from hanode.state.records import (
    AlarmRecord,
    FencingRecord,
    Intent,
    NodeRecord,
    TicketRecord,
    TransitionRecord,
)
from hanode.state.said import Life

KEEP_FENCINGS = 100
KEEP_TRANSITIONS = 20
KEEP_ACTIONS = 200
"""Of a transition that is over."""
KEEP_ALARMS = 50


@dataclass(slots=True)
class ClusterState:
    """The fold. Read it freely; only `fold.apply` writes."""

    cluster: bytes = b""
    name: str = ""
    position: Position = ORIGIN
    """Of the last entry applied."""
    at: float = 0.0
    """The wall clock that this entry bears: for people."""
    basis: int = 0
    """Index of the last entry that the PE's decision depends on. A preview holds its ground while
    this is unchanged."""
    term: int = 0
    dc: NodeName = ""
    office: tuple[int, int] = (0, 0)
    """Boot and number of the statement by which the DC took office."""
    quorate: bool = False
    withheld: tuple[NodeName, ...] = ()
    """Whose votes don't count, since they were fenced and have not caught up (two nodes alone)."""
    members: dict[NodeName, Member] = field(default_factory=dict)
    last_number: int = 0
    """The highest member number that was ever given."""
    operators: dict[str, Operator] = field(default_factory=dict)
    nodes: dict[NodeName, NodeRecord] = field(default_factory=dict)
    remotes: dict[NodeName, NodeRecord] = field(default_factory=dict)
    """Remote nodes: no members; what runs on them, as the members that reach them said."""
    cib: str = EMPTY
    """The configuration: a whole `<cib>` without status."""
    version: str = "0.1.0"
    """Its version, `admin_epoch.epoch.num_updates`."""
    left_alone: int = 0
    """The last entry before which, with fencing disabled, some node that was cut off would have
    left alone what runs there (state.left_alone)."""
    cib_changed_at: float = 0.0
    cib_changed_by: str = ""
    options: dict[str, str] = field(default_factory=dict)
    """Cluster options of the CIB that the fold itself needs (see configured.OPTIONS)."""
    said: dict[bytes, tuple[Life, ...]] = field(default_factory=dict)
    """Which statements of each key that is or was a member's the log has had, life by life."""
    intents: dict[str, Intent] = field(default_factory=dict)
    unfencings: dict[str, Intent] = field(default_factory=dict)
    """Orders to let a node in again, by request."""
    fencings: tuple[FencingRecord, ...] = ()
    """Newest first."""
    tickets: dict[str, TicketRecord] = field(default_factory=dict)
    transitions: tuple[TransitionRecord, ...] = ()
    """Newest first; the first may be under way."""
    alarms: tuple[AlarmRecord, ...] = ()
    migrations: dict[str, Migration] = field(default_factory=dict)
    """By resource."""

    @property
    def hands_off(self) -> bool:
        """Maintenance: what runs is left as it is, for people to work at."""
        return is_true(self.options.get("maintenance-mode", "false"))

    def record(self, name: NodeName) -> NodeRecord | None:
        """Of a member or of a remote node."""
        return self.nodes.get(name) or self.remotes.get(name)

    @property
    def voters(self) -> tuple[NodeName, ...]:
        return tuple(sorted(self.members))

    @property
    def data_nodes(self) -> tuple[NodeName, ...]:
        return tuple(sorted(m.name for m in self.members.values() if m.role == "data"))

    @property
    def present(self) -> tuple[NodeName, ...]:
        """Members of the last agreed view."""
        return tuple(sorted(name for name, node in self.nodes.items() if node.present))

    @property
    def transition(self) -> TransitionRecord | None:
        """The walk that is under way."""
        first = self.transitions[0] if self.transitions else None
        return first if first is not None and not first.outcome else None

    def pack(self) -> bytes:
        """For a snapshot, and for a console that attaches. Equal states give equal bytes."""
        return pack_plain(self)

    @classmethod
    def unpack(cls, data: bytes) -> ClusterState:
        """The inverse of `pack`. Raises codec.Garbled."""
        state = build(cls, unpack_plain(data, STATE_LIMIT))
        assert isinstance(state, cls)
        return state

    def digest(self) -> str:
        """Equal for equal states."""
        return hashlib.blake2b(self.pack(), digest_size=8).hexdigest()

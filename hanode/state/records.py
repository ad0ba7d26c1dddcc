"""What the fold remembers of nodes, operations, fencings and transitions."""

from __future__ import annotations

import dataclasses
from dataclasses import field

from hanode.events import OperationFinished, Planned
from hanode.ids import NodeName
from hanode.lean import dataclass

Results = dict[str, OperationFinished]
"""A resource's latest result of each kind."""


@dataclasses.dataclass(slots=True)
class NodeRecord:
    """One member, as the log has it."""

    name: NodeName
    boot: int = 0
    """The latest boot that was in an agreed view."""
    present: bool = False
    """In the DC's agreed view."""
    since: float = 0.0
    """When `present` last changed: the DC's wall clock, for people."""
    reported: int = 0
    """The boot whose LRM has reported since the node was last counted in; the node is online when
    this is `boot`."""
    told_of: int = 0
    """The boot that attributes and history speak of; 0 once that is proved to be over."""
    reported_term: int = 0
    known: int = 0
    """Up to here it knew the log when it reported last."""
    expected: bool = False
    """It takes part, so its absence is a loss. False when never seen, left or fenced."""
    leaving: int = 0
    """The boot that an operator is shutting down."""
    fenced: int = 0
    """Boots up to this one are over, proved."""
    enrolled_at: int = 0
    """Log index at which this member was added; 0: it is of the founders, or a remote node. What
    was done to a node of its name before was done to another machine."""
    cut_at: int = 0
    """Log index since which no unfencing that was ordered before says anything: it was cut off
    again, or began a new boot."""
    attributes: dict[str, str] = field(default_factory=dict)
    history: dict[str, Results] = field(default_factory=dict)
    """resource -> key (last_0, began_0, promoted_0, last_failure_0, monitor_10000) -> its latest
    result. What a resource has is never changed in place, so that copies of the state may share
    it."""
    calls: int = 0
    """The highest call of a result in that boot."""
    counted: dict[str, int] = field(default_factory=dict)
    """resource#task_interval -> call id of the last failure that was counted."""
    began: dict[str, OperationFinished] = field(default_factory=dict)
    """resource -> what it was started with, where its history was forgotten since: services outlive
    their node's hanode."""

    unsure: tuple[str, ...] = ()
    """Resources that may have been migrated here by a node that is gone, whatever the history says
    (state.migrations)."""

    @property
    def online(self) -> bool:
        """In the view and its LRM heard under it."""
        return self.present and self.reported == self.boot

    @property
    def lost(self) -> bool:
        """Ought to be here and isn't, and nothing proves that its boot is over."""
        return self.expected and not self.present


@dataclass(frozen=True, slots=True)
class Intent:
    """A fencing that is needed and not yet proved done."""

    request: str
    target: NodeName
    boot: int
    action: str
    reason: str
    by: str
    at: float
    index: int
    failures: int = 0
    last_failure: str = ""


@dataclass(frozen=True, slots=True)
class FencingRecord:
    """One line of the fencing history."""

    request: str
    target: NodeName
    action: str
    status: str
    """pending, success, failed"""
    reason: str
    device: str = ""
    evidence: str = ""
    by: str = ""
    """Who did it (a node), or who says so (an operator)."""
    client: str = ""
    """Who wanted it."""
    requested_at: float = 0.0
    completed_at: float = 0.0


@dataclass(frozen=True, slots=True)
class TransitionRecord:
    """One walk of the TE, under way or past."""

    id: int
    basis: int
    started_at: float
    actions: tuple[Planned, ...]
    summary: tuple[str, ...]
    ended_at: float = 0.0
    outcome: str = ""
    """Empty while it is under way."""
    left_out: int = 0
    """How many actions are not kept now that it is over; probes and monitors are not counted."""
    term: int = 0
    """Of the DC that walked it; walks are counted anew in each."""


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    at: float
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class TicketRecord:
    id: str
    granted: bool = False
    standby: bool = False
    last_granted: float = 0.0

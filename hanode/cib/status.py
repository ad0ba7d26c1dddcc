"""What is true in the cluster, as values: who is a member, what ran with which result.

A live node builds these from its fold and its LRMs' reports, without any XML; a CIB
file is read into the same ones (`document.py`). They are named tuples because a large
cluster has tens of thousands of results, and a tuple is the cheapest immutable value:
change one with `._replace(...)`. Every default describes the healthy, ordinary case.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, str] = MappingProxyType({})

OURS = "hanode"
"""Who asked, in the transition keys of our own operations: transition numbers go on from one DC to
the next, and in one transition a probe has a lower one than what comes after it."""

# Operation.status: what became of an operation, apart from the agent's return code.
# (Pacemaker's numbers, which CIBs contain and operators know.)
PENDING = -1
DONE = 0
CANCELLED = 1
TIMEOUT = 2
NOT_SUPPORTED = 3
ERROR = 4
ERROR_HARD = 5
ERROR_FATAL = 6
NOT_INSTALLED = 7
NOT_CONNECTED = 8
INVALID = 9
NO_FENCE_DEVICE = 11
NO_SECRETS = 12


class Operation(NamedTuple):
    """One result of one operation of one resource on one node (an `lrm_rsc_op`).

    A live node gives `task`, `interval_ms`, `call_id`, `rc`, `expected_rc`, `status` and
    the times; the rest is there for what CIB files contain. `expected_rc` is what the
    transition wanted to see; -1 means that nobody said. A time of 0 means unknown.
    `restart_digest` is that of the parameters whose change needs a restart: those that
    `force_restart` names in a CIB file, on a live node all but the `reloadable` ones.
    """

    task: str
    interval_ms: int = 0
    call_id: int = 0
    rc: int = 0
    status: int = DONE
    expected_rc: int = -1
    last_rc_change: int = 0
    last_run: int = 0
    exec_ms: int = 0
    queue_ms: int = 0
    exit_reason: str = ""
    id: str = ""
    key: str = ""
    on_node: str = ""
    digest: str = ""
    restart_digest: str = ""
    secure_digest: str = ""
    force_restart: str = ""
    secure_params: str = ""
    migrate_source: str = ""
    migrate_target: str = ""
    feature_set: str = ""
    transition_key: str = ""
    reloadable: tuple[str, ...] = ()

    @property
    def is_last_failure(self) -> bool:
        """Whether it is the copy that keeps a failure in mind after later results."""
        return self.id.endswith("_last_failure_0")


class ResourceHistory(NamedTuple):
    """What one node remembers of one resource (an `lrm_resource`)."""

    id: str
    class_: str = "ocf"
    provider: str = ""
    type: str = ""
    container: str = ""
    operations: tuple[Operation, ...] = ()
    shutdown_lock: int = 0


class NodeState(NamedTuple):
    """What the cluster knows of one node (a `node_state`).

    in_ccm: a member of the view; crmd: its crm answers; join: it is part of the cluster
    (`member`), on the way (`pending`), refused (`nack`) or out (`down`); expected: what it
    ought to be (`member` or `down`). `attributes` are the transient ones: fail counts
    (`fail-count-RSC#OP_INTERVAL`, `last-failure-RSC#OP_INTERVAL`), promotion scores
    (`master-RSC`), `shutdown`, `standby`, `terminate`, health. `remote` marks the states of
    remote and guest nodes, which have only attributes and history. The `*_since` are epoch
    seconds where known (0: unknown), for `node-pending-timeout`.
    """

    uname: str
    id: str = ""
    in_ccm: bool = True
    crmd: bool = True
    join: str = "member"
    expected: str = "member"
    attributes: Mapping[str, str] = NOTHING
    history: tuple[ResourceHistory, ...] = ()
    remote: bool = False
    fenced: bool = False
    ccm_since: int = 0
    crmd_since: int = 0
    unseen: bool = False
    utilization: Mapping[str, str] = NOTHING

    @property
    def name(self) -> str:
        return self.uname or self.id


class TicketState(NamedTuple):
    """A site's ticket: whether this cluster holds it (a `ticket_state`)."""

    id: str
    granted: bool = False
    standby: bool = False
    last_granted: int = 0
    attributes: Mapping[str, str] = NOTHING


class Status(NamedTuple):
    """Everything that is true now: nodes in their order, tickets, quorum, the DC's name.

    `had_quorum`: this partition had quorum since it began (`no-quorum-panic`); one that never
    had any has nothing to fence itself for.
    """

    nodes: tuple[NodeState, ...] = ()
    tickets: tuple[TicketState, ...] = ()
    have_quorum: bool = True
    dc: str = ""
    had_quorum: bool = True

"""What is active where, as values that pictures are drawn from (crm_mon's content).

The words only; `instance_state.py` fills them from a CIB. Trees of resources are as
configured: a group holds its members, a clone its instances (of a primitive or a group),
a bundle its replicas.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from hanode.lean import dataclass

ResourceKind = Literal["primitive", "group", "clone", "bundle", "replica"]
Role = Literal["Stopped", "Started", "Unpromoted", "Promoted"]


@dataclass(frozen=True, slots=True)
class Place:
    """One node where a primitive is active, and in which role there."""

    node: str
    role: Role


@dataclass(frozen=True, slots=True)
class ResourceView:
    """One resource or instance. `name` is for people (anonymous instances: no number),
    `id` is unique in the tree. A collective is active when a child of it is."""

    id: str
    name: str
    kind: ResourceKind
    agent: str = ""
    role: Role = "Stopped"
    target_role: str = ""
    places: tuple[Place, ...] = ()
    active: bool = False
    failed: bool = False
    blocked: bool = False
    managed: bool = True
    maintenance: bool = False
    orphaned: bool = False
    failure_ignored: bool = False
    pending: str = ""
    locked_to: str = ""
    unique: bool = False
    promotable: bool = False
    children: tuple[ResourceView, ...] = ()
    description: str = ""
    migration_threshold: int = 1_000_000
    """Failures on a node after which it goes elsewhere."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """Where it is active, by name; of a collective, where any child is."""
        if not self.children:
            return tuple(place.node for place in self.places)
        return tuple(dict.fromkeys(node for child in self.children for node in child.nodes))


@dataclass(frozen=True, slots=True)
class NodeView:
    """One node as the policy engine sees it; `state` is the word or two that people read."""

    name: str
    id: str
    type: Literal["member", "remote", "guest"] = "member"
    state: str = "online"
    online: bool = True
    standby: bool = False
    standby_on_fail: bool = False
    maintenance: bool = False
    pending: bool = False
    unclean: bool = False
    unclean_reason: str = ""
    shutdown: bool = False
    expected_up: bool = True
    unseen: bool = False
    health: Literal["green", "yellow", "red"] = "green"
    is_dc: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    resources: tuple[str, ...] = ()
    container: str = ""
    """Of a guest node: the resource that it is."""

    @property
    def resources_running(self) -> int:
        return len(self.resources)


@dataclass(frozen=True, slots=True)
class FailureView:
    """One operation whose result wasn't the expected one and still counts."""

    resource: str
    node: str
    operation: str
    interval_ms: int
    rc: int
    status: int
    exit_reason: str
    call_id: int
    last_rc_change: int
    queue_ms: int
    exec_ms: int


@dataclass(frozen=True, slots=True)
class FailCountView:
    """How often a resource failed on a node, and how often it may."""

    resource: str
    node: str
    count: int
    threshold: int
    last_failure: int


@dataclass(frozen=True, slots=True)
class BanView:
    """A location constraint that keeps a resource off a node."""

    id: str
    resource: str
    node: str
    score: int
    promoted_only: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole picture."""

    nodes: tuple[NodeView, ...] = ()
    resources: tuple[ResourceView, ...] = ()
    failures: tuple[FailureView, ...] = ()
    fail_counts: tuple[FailCountView, ...] = ()
    bans: tuple[BanView, ...] = ()
    tickets: tuple[tuple[str, bool, bool], ...] = ()
    have_quorum: bool = True
    dc: str = ""
    maintenance_mode: bool = False
    fencing_enabled: bool = True
    no_quorum_policy: str = "stop"
    symmetric: bool = True
    warnings: tuple[str, ...] = ()

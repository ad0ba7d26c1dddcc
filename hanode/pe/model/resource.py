"""A resource, its instances, its place in the tree: what is configured and what was found.

One class for all kinds: data, and questions about itself. What each kind *does* is in
the stages, one file per kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hanode.pe.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hanode.cib.configuration import NvSet
    from hanode.cib.configuration import Primitive as PrimitiveConfig
    from hanode.pe.model.node import Node
    from hanode.pe.model.operation import ConfiguredOperation

Kind = Literal["primitive", "group", "clone", "bundle"]


@dataclass(slots=True, eq=False, repr=False)
class Resource:
    """`id` is unique in the tree (an instance has its number), `name` is what history calls
    it, `label` what people read, `base` the configured primitive or group that an instance is of.
    Times are milliseconds where the name says so; scores are integers within infinity."""

    id: str
    kind: Kind
    parent: Resource | None = None
    children: list[Resource] = field(default_factory=list)
    name: str = ""
    label: str = ""
    base: str = ""
    number: int = -1
    """An instance's; -1 of what is no instance."""
    instance_of: Resource | None = None

    # As configured.
    config: PrimitiveConfig | None = None
    agent: tuple[str, str, str] = ("", "", "")
    """Class, provider, type."""
    meta: dict[str, str] = field(default_factory=dict)
    parameter_sets: tuple[NvSet, ...] = ()
    utilization: dict[str, int] = field(default_factory=dict)
    operations: list[ConfiguredOperation] = field(default_factory=list)
    is_fence_device: bool = False
    priority: int = 0
    stickiness: int = 0
    migration_threshold: int = 0
    failure_timeout_ms: int = 0
    multiple_active: str = "stop_start"
    needs: str = "quorum"
    """The `requires` of its meta attributes: nothing, quorum, fencing, unfencing."""
    managed: bool = True
    maintenance: bool = False
    critical: bool = True
    allow_migrate: bool = False
    next_target: Role = Role.UNKNOWN
    """The target role; UNKNOWN where none is set."""
    exclusive_discovery: bool = False
    """It is looked for only where a location constraint allows it."""

    # Of a clone.
    notify: bool = False
    unique: bool = False
    promotable: bool = False
    ordered: bool = False
    interleave: bool = False
    clone_max: int = 0
    clone_node_max: int = 1
    clone_min: int = 0
    promoted_max: int = 0
    promoted_node_max: int = 0

    # Of what makes a node, or runs in one.
    is_connection: bool = False
    """Its agent is ocf:pacemaker:remote."""
    remote_node: Node | None = None
    """The node that this connection makes."""
    reconnects_later: bool = False
    """A lost connection is left alone for its reconnect_interval."""
    container: Resource | None = None
    """What it runs in."""
    fillers: list[Resource] = field(default_factory=list)
    """What runs in this container."""
    replica: tuple[str, int] | None = None
    """The bundle that it is a part of, and the number of its replica."""
    host: Node | None = None
    """The guest node that a bundle's replica makes, on which this instance runs."""

    # As found.
    role: Role = Role.STOPPED
    active: list[Node] = field(default_factory=list)
    roles_on: dict[str, Role] = field(default_factory=dict)
    known: dict[str, Node] = field(default_factory=dict)
    """Nodes on which its state is known: no probe is due there."""
    known_as: dict[str, str] = field(default_factory=dict)
    """Node -> the name that its history there bears."""
    failed: bool = False
    astray: bool = False
    """It counts as failed since its migration didn't get it to where it was to go."""
    failed_on: list[str] = field(default_factory=list)
    """Of several nodes where it is active, those on which it failed."""
    blocked: bool = False
    """It failed, and nothing may be done about it (on-fail=block)."""
    failure_ignored: bool = False
    demote_only: bool = False
    """It failed promoted: a demotion cures it (on-fail=demote)."""
    orphan: bool = False
    """History knows it, the configuration doesn't."""
    other_agent_on: list[str] = field(default_factory=list)
    """Nodes whose history of it is another agent's."""
    start_pending: bool = False
    pending: str = ""
    """The task that is under way on `pending_node`."""
    pending_node: str = ""
    migration_source: Node | None = None
    migration_target: Node | None = None
    dangling: list[Node] = field(default_factory=list)
    """Where a migration that did not end well may have left something."""
    stop_unexpected: bool = False
    """Of several active instances, only those that should not be are stopped."""
    needs_restart: bool = False
    needs_reload: bool = False
    rewatch: list[tuple[str, str, int]] = field(default_factory=list)
    """Recurring operations to be begun anew with other parameters: node, task, interval in ms."""
    locked_to: Node | None = None
    """The node that was shut down cleanly and gets it back (shutdown-lock)."""

    def __post_init__(self) -> None:
        self.name = self.label = self.base = self.id

    @property
    def primitive(self) -> bool:
        return self.kind == "primitive"

    @property
    def is_collective(self) -> bool:
        return self.kind in ("clone", "bundle")

    def top(self, with_bundle: bool = True) -> Resource:
        """The outermost resource that this is part of."""
        found = self
        while found.parent is not None:
            if not with_bundle and found.parent.kind == "bundle":
                break
            found = found.parent
        return found

    def clone(self) -> Resource | None:
        """The clone that this is an instance of, or is a member of an instance of."""
        found: Resource | None = self
        while found is not None and found.kind != "clone":
            found = found.parent
        return found

    def primitives(self) -> Iterator[Resource]:
        """The leaves, in order."""
        if self.kind == "primitive":
            yield self
            return
        for child in self.children:
            yield from child.primitives()

    def everything(self) -> Iterator[Resource]:
        """Itself and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.everything()

    def active_nodes(self) -> list[Node]:
        """Where it, or for a collective anything of it, is active; each node once."""
        if self.kind == "primitive":
            return self.active
        found: dict[str, Node] = {}
        for leaf in self.primitives():
            for node in leaf.active:
                found.setdefault(node.name, node)
        return list(found.values())

    @property
    def home(self) -> Node | None:
        """Where it is, of several places the first.

        Half-way through a migration its source, where it has run; but a connection's new end,
        since what is behind it is reached through that already.
        """
        half_way = self.migration_target if self.is_connection else self.migration_source
        if half_way is not None and half_way in self.active:
            return half_way
        return self.active[0] if self.active else None

    def may_stay(self, node: Node | None) -> bool:
        """Of several places where it is active, the one that is meant, where that policy holds."""
        return (
            self.multiple_active == "stop_unexpected"
            and node is not None
            and node in self.active
            and node.name not in self.failed_on
        )

    def here(self) -> list[Node]:
        """Where it counts as active: what needs no fencing doesn't wait for a lost node."""
        if self.needs in ("fencing", "unfencing"):
            return self.active
        return [node for node in self.active if not node.unclean]

    def current_role(self) -> Role:
        """Its role; a collective has the highest of its children."""
        if self.kind == "primitive":
            return self.role
        return max((child.current_role() for child in self.children), default=Role.STOPPED)

    def is_active(self, every: bool = False) -> bool:
        """Whether it (any of its parts; with `every`, each of them) is active."""
        if self.kind == "primitive":
            return bool(self.active)
        test = all if every else any
        return test(child.is_active(every) for child in self.children)

    def target_role(self) -> Role:
        return self.next_target

    def __repr__(self) -> str:
        return f"Resource({self.id})"

"""A resource, its instances, its place in the tree: what is configured and what was found.

One class for all kinds: data, and questions about itself. What each kind *does* is in
the stages, one file per kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hanode.pe.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hanode.cib.configuration import NvSet
    from hanode.cib.configuration import Primitive as PrimitiveConfig
    from hanode.pe.model.node import Node
    from hanode.pe.model.operation import ConfiguredOperation

Kind = Literal["primitive", "group", "clone", "bundle"]


class Resource:
    """`id` is unique in the tree (an instance has its number), `name` is what history calls
    it, `label` what people read."""

    __slots__ = (
        "active",
        "agent",
        "allow_migrate",
        "base",
        "blocked",
        "children",
        "clone_max",
        "clone_min",
        "clone_node_max",
        "config",
        "container",
        "critical",
        "dangling",
        "demote_only",
        "exclusive_discovery",
        "failed",
        "failure_ignored",
        "failure_timeout_ms",
        "fillers",
        "fixed_role",
        "have_unfenced",
        "host",
        "id",
        "instance_of",
        "interleave",
        "is_connection",
        "is_fence_device",
        "kind",
        "known",
        "known_as",
        "label",
        "locked_to",
        "maintenance",
        "managed",
        "meta",
        "meta_sets",
        "migration_source",
        "migration_target",
        "migration_threshold",
        "multiple_active",
        "name",
        "needs",
        "needs_reload",
        "needs_restart",
        "next_target",
        "notify",
        "number",
        "operations",
        "ordered",
        "orphan",
        "other_agent_on",
        "parameter_sets",
        "parent",
        "pending",
        "pending_node",
        "priority",
        "promotable",
        "promoted_max",
        "promoted_node_max",
        "reconnects_later",
        "remote_node",
        "replica",
        "restart_on_node",
        "restart_type",
        "rewatch",
        "role",
        "roles_on",
        "start_pending",
        "stickiness",
        "stop_unexpected",
        "stops_failed_on",
        "unfences",
        "unique",
        "utilization",
        "utilization_sets",
    )

    def __init__(self, id_: str, kind: Kind, parent: Resource | None = None) -> None:
        self.id = id_
        self.name = id_
        self.label = id_
        self.base = id_
        self.kind: Kind = kind
        self.parent = parent
        self.children: list[Resource] = []
        self.config: PrimitiveConfig | None = None
        self.agent: tuple[str, str, str] = ("", "", "")
        self.meta: dict[str, str] = {}
        self.meta_sets: tuple[NvSet, ...] = ()
        self.parameter_sets: tuple[NvSet, ...] = ()
        self.utilization_sets: tuple[NvSet, ...] = ()
        self.utilization: dict[str, int] = {}
        self.operations: list[ConfiguredOperation] = []
        self.number = -1
        self.instance_of: Resource | None = None
        # options
        self.priority = 0
        self.stickiness = 0
        self.migration_threshold = 0
        self.failure_timeout_ms = 0
        self.multiple_active = "stop_start"
        self.needs = "quorum"
        self.restart_type = "ignore"
        self.managed = True
        self.maintenance = False
        self.critical = True
        self.allow_migrate = False
        self.notify = False
        self.unique = False
        self.promotable = False
        self.ordered = False
        self.interleave = False
        self.clone_max = 0
        self.clone_node_max = 1
        self.clone_min = 0
        self.promoted_max = 0
        self.promoted_node_max = 0
        self.next_target = Role.UNKNOWN
        self.fixed_role = Role.UNKNOWN
        self.exclusive_discovery = False
        self.is_fence_device = False
        self.is_connection = False
        self.reconnects_later = False
        self.remote_node: Node | None = None
        self.container: Resource | None = None
        self.fillers: list[Resource] = []
        self.replica: tuple[str, int] | None = None
        self.host: Node | None = None
        self.demote_only = False
        self.dangling: list[Node] = []
        self.unfences = False
        # found
        self.role = Role.STOPPED
        self.active: list[Node] = []
        self.roles_on: dict[str, Role] = {}
        self.known: dict[str, Node] = {}
        self.known_as: dict[str, str] = {}
        self.failed = False
        self.blocked = False
        self.failure_ignored = False
        self.orphan = False
        self.other_agent_on: list[str] = []
        self.start_pending = False
        self.pending = ""
        self.pending_node = ""
        self.migration_source: Node | None = None
        self.migration_target: Node | None = None
        self.stop_unexpected = False
        self.stops_failed_on: list[str] = []
        self.needs_restart = False
        self.needs_reload = False
        self.rewatch: list[tuple[str, str, int]] = []
        self.restart_on_node: set[str] = set()
        self.locked_to: Node | None = None
        self.have_unfenced = False

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

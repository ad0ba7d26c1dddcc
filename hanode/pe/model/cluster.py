"""Everything that was unpacked, in one place: what is wanted, what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hanode.pe.model.role import Role

if TYPE_CHECKING:
    from hanode.cib.configuration import Primitive as PrimitiveConfig
    from hanode.cib.document import Cib
    from hanode.cib.status import Operation
    from hanode.pe.model.node import Node
    from hanode.pe.model.resource import Resource
    from hanode.pe.unpack.options import Options


class Ticket(NamedTuple):
    """Whether this site holds a ticket."""

    id: str
    granted: bool = False
    standby: bool = False
    last_granted: int = 0
    attributes: tuple[tuple[str, str], ...] = ()


class Failure(NamedTuple):
    """A result that counts as a failure, as pictures list it."""

    resource: Resource
    node: Node
    operation: Operation
    ignored: bool


class Cleanup(NamedTuple):
    """Something in the history or the fail counts that is to be removed."""

    resource: Resource
    node: Node
    what: str  # clear_failcount, delete, or a recurring operation's key to cancel
    reason: str


class Cluster:
    """The unpacked CIB. Stages read it; each keeps its own results in its own tables."""

    __slots__ = (
        "by_id",
        "cib",
        "clear_failcounts",
        "containers",
        "failcounts",
        "failed_bans",
        "failures",
        "forgiven",
        "have_fence_device",
        "history",
        "isolation",
        "levels",
        "nodes",
        "nodes_by_id",
        "now",
        "options",
        "orphan_count",
        "prototypes",
        "recheck",
        "recheck_why",
        "referenced",
        "remote_connections",
        "resources",
        "tagged",
        "templates",
        "tickets",
        "unfencing",
        "warnings",
    )

    def __init__(self, cib: Cib, options: Options, nodes: dict[str, Node], now: float) -> None:
        self.cib = cib
        self.options = options
        self.nodes = nodes
        self.nodes_by_id: dict[str, Node] = {}
        for node in nodes.values():
            self.nodes_by_id.setdefault(node.id, node)
        self.now = now
        self.resources: list[Resource] = []
        self.by_id: dict[str, Resource] = {}
        self.templates: dict[str, PrimitiveConfig] = {}
        self.tagged: dict[str, tuple[str, ...]] = {}
        self.tickets: dict[str, Ticket] = {}
        self.prototypes: dict[str, object] = {}
        self.remote_connections: dict[str, Resource] = {}
        self.containers: dict[str, Resource] = {}
        self.have_fence_device = False
        self.unfencing = False
        self.isolation = False
        self.history: dict[tuple[str, str], tuple[Operation, ...]] = {}
        self.failures: list[Failure] = []
        self.forgiven: set[tuple[str, str]] = set()
        self.failed_bans: list[tuple[Resource, Node, str]] = []
        self.clear_failcounts: dict[tuple[str, str], tuple[Resource, Node, str]] = {}
        self.failcounts: dict[str, dict[str, tuple[int, int]]] = {}
        self.warnings: list[str] = list(cib.configuration.warnings)
        self.recheck = 0.0
        self.recheck_why = ""
        self.orphan_count = 0
        self.levels: dict[str, tuple[str, ...]] = {}
        self.referenced: dict[str, object] = {}

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def recheck_at(self, time: float, why: str) -> None:
        """Remember the earliest moment at which the answer changes by itself."""
        if time > self.now and (not self.recheck or time < self.recheck):
            self.recheck = time
            self.recheck_why = why

    def primitives(self) -> list[Resource]:
        """All leaves, in order."""
        return [leaf for top in self.resources for leaf in top.primitives()]

    def everything(self) -> list[Resource]:
        return [found for top in self.resources for found in top.everything()]

    def can_fence(self, node: Node) -> bool:
        """Whether we are in a position to fence it."""
        if not self.options.fencing_enabled or not self.have_fence_device:
            return False
        if self.options.have_quorum or self.options.no_quorum_policy == "ignore":
            return True
        return node.online  # one of our own partition

    def demand_fencing(self, node: Node, why: str) -> None:
        """Mark a node unclean; the first reason is the one that people read."""
        node.unclean = True
        if why not in node.fence_reasons:
            node.fence_reasons.append(why)


def climbs(role: Role) -> bool:
    return role in (Role.UNPROMOTED, Role.PROMOTED)

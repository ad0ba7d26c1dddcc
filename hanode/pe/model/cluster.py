"""Everything that was unpacked, in one place: what is wanted, what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

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


@dataclass(slots=True, eq=False, repr=False)
class Cluster:
    """The unpacked CIB. Stages read it; each keeps its own results in its own tables."""

    cib: Cib
    options: Options
    nodes: dict[str, Node]
    now: float
    """Seconds since 1970, by the CIB or the DC: what date rules go by."""
    nodes_by_id: dict[str, Node] = field(default_factory=dict)

    # As configured.
    resources: list[Resource] = field(default_factory=list)
    """The outermost ones, in order."""
    by_id: dict[str, Resource] = field(default_factory=dict)
    templates: dict[str, PrimitiveConfig] = field(default_factory=dict)
    tagged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    prototypes: dict[str, object] = field(default_factory=dict)
    """Clone -> the configuration that its instances are made of."""
    remote_connections: dict[str, Resource] = field(default_factory=dict)
    """Remote or guest node -> what makes it."""
    have_fence_device: bool = False
    unfencing: bool = False
    """A device is configured that lets nodes in before they run anything."""
    isolation: bool = False
    """... and one that cuts them off without taking their power."""

    # As found.
    history: dict[tuple[str, str], tuple[Operation, ...]] = field(default_factory=dict)
    """(resource, node) -> its operations there, the oldest first."""
    failures: list[Failure] = field(default_factory=list)
    forgiven: set[tuple[str, str]] = field(default_factory=set)
    """(resource, node): its failures there don't count any more."""
    failed_bans: list[tuple[Resource, Node, str]] = field(default_factory=list)
    not_promoted: dict[tuple[str, str], str] = field(default_factory=dict)
    """(clone, node): why nothing of it is to be promoted there."""
    clear_failcounts: dict[tuple[str, str], tuple[Resource, Node, str]] = field(
        default_factory=dict
    )
    failcounts: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    """Node -> resource -> (failures, time of the last)."""
    warnings: list[str] = field(default_factory=list)
    recheck: float = 0.0
    """When the answer may change by itself; 0: never."""
    recheck_why: str = ""

    def __post_init__(self) -> None:
        for node in self.nodes.values():
            self.nodes_by_id.setdefault(node.id, node)
        self.warnings.extend(self.cib.configuration.warnings)

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

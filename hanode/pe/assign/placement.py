"""The result of assignment while it grows: who goes where, in which role."""

from __future__ import annotations

from hanode.pe.assign.tables import Tables
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.constraint import Colocate, Constraints
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


class Placement:
    """`node_of` holds primitives that are decided (None: nowhere); collectives are in
    `decided`. `next_role` is the role that each is to have."""

    __slots__ = (
        "assigning",
        "cluster",
        "constraints",
        "decided",
        "free",
        "load",
        "merging",
        "next_role",
        "node_of",
        "promotion",
        "tables",
        "this_with_cache",
        "why_nowhere",
        "with_this_cache",
    )

    def __init__(self, cluster: Cluster, constraints: Constraints) -> None:
        self.cluster = cluster
        self.constraints = constraints
        self.tables = Tables()
        self.node_of: dict[str, Node | None] = {}
        self.decided: set[str] = set()
        self.next_role: dict[str, Role] = {}
        self.load: dict[str, int] = dict.fromkeys(cluster.nodes, 0)
        self.free: dict[str, dict[str, int]] = {
            name: dict(node.utilization) for name, node in cluster.nodes.items()
        }
        self.assigning: set[str] = set()
        self.merging: set[str] = set()
        self.promotion: dict[str, int] = {}
        self.why_nowhere: dict[str, str] = {}
        self.this_with_cache: dict[str, list[Colocate]] = {}
        self.with_this_cache: dict[str, list[Colocate]] = {}

    def is_decided(self, resource: Resource) -> bool:
        return resource.id in self.node_of or resource.id in self.decided

    def node(self, resource: Resource) -> Node | None:
        """Where a primitive goes; a group goes where its first member does."""
        if resource.kind == "primitive":
            return self.node_of.get(resource.id)
        if resource.kind == "group":
            return self.node_of.get(resource.children[0].id) if resource.children else None
        return None

    def nodes(self, resource: Resource) -> list[Node]:
        """All nodes where anything of it goes."""
        found: dict[str, Node] = {}
        for leaf in resource.primitives():
            node = self.node_of.get(leaf.id)
            if node is not None:
                found.setdefault(node.name, node)
        return list(found.values())

    def role(self, resource: Resource) -> Role:
        """The role that it is to have; of a collective, the highest in it."""
        if resource.kind == "primitive":
            return self.next_role.get(resource.id, Role.UNKNOWN)
        return max((self.role(child) for child in resource.children), default=Role.UNKNOWN)

    def put(self, resource: Resource, node: Node | None) -> None:
        """Decide one primitive."""
        self.take_back(resource)
        self.node_of[resource.id] = node
        if node is not None:
            self.load[node.name] += 1
            free = self.free[node.name]
            for capacity, amount in resource.utilization.items():
                free[capacity] = free.get(capacity, 0) - amount

    def take_back(self, resource: Resource) -> None:
        """Undo `put`."""
        node = self.node_of.pop(resource.id, None)
        if node is not None:
            self.load[node.name] -= 1
            free = self.free[node.name]
            for capacity, amount in resource.utilization.items():
                free[capacity] = free.get(capacity, 0) + amount

    def forget(self, resource: Resource) -> None:
        """Undo the decision on a resource and all in it."""
        for part in resource.everything():
            self.take_back(part)
            self.decided.discard(part.id)
            self.next_role.pop(part.id, None)
            self.why_nowhere.pop(part.id, None)

    def usable(self, node: Node) -> bool:
        """Whether something may be put there; a guest needs its host to go somewhere."""
        if not node.usable():
            return False
        if node.type == "guest" and node.connection is not None:
            host = node.connection if node.bundle else node.connection.container
            if host is not None and host.id in self.node_of:
                return self.node_of[host.id] is not None
        return True

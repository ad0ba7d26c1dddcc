"""Score tables: for each resource, each node that it may be on and how well that suits.

A node without an entry is not allowed at all. Each amount that goes in is kept with its
reason, so that "why here" is a list and not a riddle.
"""

from __future__ import annotations

from hanode.cib.score import INFINITY, add
from hanode.pe.model.resource import Resource
from hanode.transition import Contribution

Table = dict[str, int]


class Tables:
    """All score tables, and the contributions from which they were made."""

    __slots__ = ("by_id", "reasons", "trial")

    def __init__(self) -> None:
        self.by_id: dict[str, Table] = {}
        self.reasons: dict[str, dict[str, list[Contribution]]] = {}
        self.trial = False
        """Whether scores are only tried out: then nobody wants to know why."""

    def of(self, resource: Resource) -> Table:
        return self.by_id[resource.id]

    def add(self, resource: Resource, node: str, amount: int, source: str, why: str) -> None:
        """Add to one node's score; a node that wasn't allowed becomes so."""
        table = self.by_id[resource.id]
        table[node] = add(table.get(node, 0), amount)
        self.note(resource, node, amount, source, why)

    def note(self, resource: Resource, node: str, amount: int, source: str, why: str) -> None:
        """Only remember why, for scores that were already added up elsewhere."""
        if resource.kind == "primitive" and not self.trial:
            nodes = self.reasons.setdefault(resource.id, {})
            nodes.setdefault(node, []).append(Contribution(amount, source, why))

    def ban_all_but(self, resource: Resource, kept: set[str], source: str, why: str) -> None:
        """Only these nodes may have it."""
        table = self.by_id[resource.id]
        banned = [name for name in table if name not in kept]
        for name in banned:
            table[name] = -INFINITY
        if banned and resource.kind == "primitive" and not self.trial:
            part = Contribution(-INFINITY, source, why)
            nodes = self.reasons.setdefault(resource.id, {})
            for name in banned:
                nodes.setdefault(name, []).append(part)

    def ban(self, resource: Resource, node: str, source: str, why: str) -> None:
        self.add(resource, node, -INFINITY, source, why)

    def ban_everywhere(self, resource: Resource, source: str, why: str) -> None:
        for node in self.by_id[resource.id]:
            self.add(resource, node, -INFINITY, source, why)

    def snapshot(self, resource: Resource) -> dict[str, Table]:
        """Copies of the tables of a resource and all in it, to undo a trial."""
        return {part.id: dict(self.by_id[part.id]) for part in resource.everything()}

    def restore(self, snapshot: dict[str, Table]) -> None:
        self.by_id.update(snapshot)

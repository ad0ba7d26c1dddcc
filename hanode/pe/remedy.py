"""The smallest single change of a cluster that would put a resource elsewhere.

Candidates are tried from the mildest on, each by deciding where everything would go with it;
what is proposed has been seen to work. A preference is made as small as it can be.
"""

from __future__ import annotations

from hanode.cib.document import Cib
from hanode.cib.score import INFINITY
from hanode.pe.assign import assign_all
from hanode.pe.assign.placement import Placement
from hanode.pe.changed import with_location
from hanode.pe.loosening import Loosening, configured_as
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.scheduler import schedule
from hanode.pe.unpack import unpack
from hanode.pe.unpack.constraints import unpack_constraints

TRIALS_MAX = 60
"""Decisions that are made at most before we say that we know of no change."""


def decide(cib: Cib, now: float) -> Placement:
    """Where everything goes, without what is to be done for it."""
    cluster = unpack(cib, now)
    return assign_all(cluster, unpack_constraints(cluster))


def smallest_change(cib: Cib, now: float, name: str) -> str:
    """In words, as a command where there is one; empty when no single change is known."""
    return _Search(cib, now, name).run()


def smallest_release(cib: Cib, now: float, name: str, label: str) -> str:
    """The same for what has a place and may not start there: what would let it run."""
    for sentence, changed in Loosening(cib, decide(cib, now), name).candidates():
        if not any(entry.resource == label for entry in schedule(changed, now).blocked):
            return sentence
    return ""


class _Search:
    """One question; counts what it has cost."""

    def __init__(self, cib: Cib, now: float, name: str) -> None:
        self.cib = cib
        self.now = now
        self.name = name
        self.trials = 0
        self.placement = self._decide(cib)
        self.places = self._places(self.placement)
        self.here = {node for node, _ in self.places}

    def run(self) -> str:
        best: tuple[int, str] | None = None
        for node, role in (*self._for_promotion(), *self._other_nodes()):
            found = self._preference(node, role, best[0] if best else INFINITY)
            if found is not None:
                best = found
        if best is not None:
            return best[1]
        for sentence, changed in Loosening(self.cib, self.placement, self.name).candidates():
            if self._moves(changed):
                return sentence
        return ""

    def _decide(self, cib: Cib) -> Placement:
        self.trials += 1
        return decide(cib, self.now)

    def _places(self, placement: Placement) -> set[tuple[str, Role]]:
        """Where it goes, in which role; of an anonymous clone, wherever any instance of it goes."""
        resource = placement.cluster.by_id.get(self.name)
        if resource is None:
            return set()
        clone = None if resource.unique else resource.clone()
        parts = [resource]
        if clone is not None:
            parts = [leaf for leaf in clone.primitives() if leaf.base == resource.base]
        places = ((placement.node_of.get(leaf.id), placement.role(leaf)) for leaf in parts)
        return {(node.name, role) for node, role in places if node is not None}

    def _moves(self, changed: Cib) -> bool:
        if self.trials >= TRIALS_MAX:
            return False
        places = self._places(self._decide(changed))
        return bool(places) and places != self.places

    # ------------------------------------------------------------------------- preferences

    def _for_promotion(self) -> list[tuple[str, str]]:
        """Where it runs, and could be promoted as well."""
        promoted = any(role == Role.PROMOTED for _, role in self.places)
        lower = sorted(node for node, role in self.places if role != Role.PROMOTED)
        return [(node, "Promoted") for node in lower] if promoted else []

    def _other_nodes(self) -> list[tuple[str, str]]:
        """Where it might go, those with the smallest distance first; banned ones are left out."""
        resource = self._resource()
        if resource is None or not self.here:
            return []
        table = self.placement.tables.of(resource)
        nodes = self.placement.cluster.nodes
        free = [n for n in table if n not in self.here and self.placement.usable(nodes[n])]
        able = [name for name in free if table[name] > -INFINITY]
        return [(name, "") for name in sorted(able, key=lambda name: (-table[name], name))[:4]]

    def _preference(self, node: str, role: str, limit: int) -> tuple[int, str] | None:
        """The smallest score for this node that moves it, if it is below the limit."""
        resource = self._resource()
        assert resource is not None
        target = configured_as(resource)

        def moves(score: int) -> bool:
            return self._moves(with_location(self.cib, target, node, str(score), role))

        guess = max(1, self._distance(resource, node, role))
        high = guess if guess < limit and moves(guess) else 0
        if not high:
            return self._infinite(target, node) if limit == INFINITY and not role else None
        low = 0
        while low + 1 < high and self.trials < TRIALS_MAX:
            middle = high - 1 if low == 0 and high == guess else (low + high) // 2
            if moves(middle):
                high = middle
            else:
                low = middle
        wish = f"a location constraint with score {high} for {target} on {node}"
        if role:
            return high, f"{wish}, for the role Promoted"
        return high, f"{wish}: hanode constraint location {target} prefers {node}={high}"

    def _distance(self, resource: Resource, node: str, role: str) -> int:
        if role:
            scores = [s for s in self.placement.promotion.values() if abs(s) < INFINITY]
            return max(scores, default=0) - min(scores, default=0) + 1
        table = self.placement.tables.of(resource)
        best = max(table.get(name, 0) for name in self.here)
        return min(best - table[node] + 1, INFINITY)

    def _infinite(self, target: str, node: str) -> tuple[int, str] | None:
        changed = with_location(self.cib, target, node, "INFINITY")
        if self._moves(changed):
            return INFINITY, f"to be held on {node}: hanode resource move {target} {node}"
        return None

    def _resource(self) -> Resource | None:
        return self.placement.cluster.by_id.get(self.name)

"""The primary's side of a colocation: before it goes anywhere, its dependents' wishes count.

What a dependent would like is weakened by the colocation's score as a part of infinity,
and brings the wishes of its own dependents along.
"""

from __future__ import annotations

import struct
from functools import lru_cache

from hanode.cib.score import INFINITY, add
from hanode.pe.assign.colocations import has_influence, this_with, with_this
from hanode.pe.assign.matching import anywhere, value_of
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.tables import Table
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def merge_dependents(placement: Placement, primary: Resource, colocation: Colocate) -> None:
    """Add what the dependent of one colocation would like to the primary's scores."""
    dependent = colocation.dependent
    if not has_influence(colocation, primary):
        return
    if colocation.primary_role == Role.PROMOTED and primary.instance_of is not None:
        return
    table = placement.tables.of(primary)
    merged = with_wishes(placement, table, colocation, sparing=primary.is_collective)
    for name, score in merged.items():
        if score != table[name]:
            why = f"{dependent.label} is colocated with it and has its own wishes"
            placement.tables.note(primary, name, score - table[name], colocation.id, why)
    placement.tables.by_id[primary.id] = merged


def with_wishes(
    placement: Placement, table: Table, colocation: Colocate, sparing: bool = False
) -> Table:
    """The table with the wishes of one colocation's dependent in it.

    `sparing`: a node that was good enough stays so, however bad others find it.
    """
    wishes = Wishes(placement, table, sparing)
    wishes.merge(colocation.dependent, colocation, single(colocation.score / INFINITY))
    return wishes.result()


@lru_cache(maxsize=1024)
def single(value: float) -> float:
    """As a single-precision number, in which such factors are kept."""
    return float(struct.unpack("f", struct.pack("f", value))[0])


def with_primaries(placement: Placement, resource: Resource) -> Table:
    """The other way round: a table with the scores of all that the resource goes with."""
    while resource.kind == "group" and resource.children:
        resource = resource.children[-1]
    wishes = Wishes(placement, placement.tables.of(resource), forward=True)
    for colocation in this_with(placement, resource):
        factor = single(colocation.score / INFINITY)
        wishes.merge(colocation.primary, colocation, factor)
    return wishes.result()


class Wishes:
    """A table while wishes are being added to it."""

    def __init__(
        self, placement: Placement, table: Table, sparing: bool = False, forward: bool = False
    ) -> None:
        self.placement = placement
        self.table = table
        self.sparing = sparing
        self.forward = forward
        self.spared: set[str] = set()

    def result(self) -> Table:
        """A spared node is left with the least that is good enough."""
        for name in self.spared:
            self.table[name] = 1
        return self.table

    def merge(self, other: Resource, colocation: Colocate, factor: float) -> None:
        """Add the wishes of one, and through it those of its own dependents."""
        if other.kind == "group" and other.children:
            other = other.children[-1 if self.forward else 0]
        merging = self.placement.merging
        if other.id in merging:
            return
        merging.add(other.id)
        try:
            if not self._try(other, colocation, factor):
                return
            for further in self._beyond(other):
                if further is not colocation:
                    scaled = single(single(factor * further.score) / INFINITY)
                    self.merge(
                        further.primary if self.forward else further.dependent, further, scaled
                    )
        finally:
            merging.discard(other.id)

    def _beyond(self, other: Resource) -> list[Colocate]:
        """The colocations through which it goes on from there."""
        if self.forward:
            return this_with(self.placement, other)
        return [c for c in with_this(self.placement, other) if _counts(c, other)]

    def _try(self, dependent: Resource, colocation: Colocate, factor: float) -> bool:
        """Take the wishes, unless they leave no node at all."""
        spared = set(self.spared) if self.sparing else self.spared
        work = self._weighted(dependent, colocation.attribute, factor, spared)
        if not anywhere(self.placement, work):
            return False
        self.table, self.spared = work, spared
        return True

    def _weighted(
        self, dependent: Resource, attribute: str, factor: float, spared: set[str]
    ) -> Table:
        nodes = self.placement.cluster.nodes
        wishes = self._wishes_of(dependent, attribute)
        lonely = factor < 0 and sum(1 for score in wishes.values() if score >= 0) == 1
        table = self.table
        if attribute == "#uname":
            asked = [(name, wish) for name in table if (wish := wishes.get(name, -INFINITY))]
        else:
            asked = [(name, self._wish(wishes, nodes[name], attribute)) for name in table]
        if not asked:
            return table
        work = dict(table)
        for name, wish in asked:
            score = table[name]
            if factor < 0 and wish < 0 and not lonely:
                continue  # not wanting to be there, and not with us: that says nothing for it
            changed = add(score, rounded(factor, wish))
            if self.sparing and changed < 0 <= score:
                if score == 0:
                    continue
                spared.add(name)
                changed = -INFINITY
            work[name] = changed
        return work

    def _wishes_of(self, dependent: Resource, attribute: str) -> Table:
        """Its table; a later member of a group may be nowhere where its group may not."""
        wishes = self.placement.tables.of(dependent)
        group = dependent.parent
        if self.forward:
            usable, nodes = self.placement.usable, self.placement.cluster.nodes
            return {n: s if usable(nodes[n]) else -INFINITY for n, s in wishes.items()}
        if group is None or group.kind != "group" or group.children[0] is dependent:
            return wishes
        if attribute != "#uname":
            return wishes
        table = self.placement.tables.of(group)
        if min(table.values(), default=0) > -INFINITY:
            return wishes
        banned = [name for name, score in table.items() if score <= -INFINITY]
        return {**wishes, **dict.fromkeys(banned, -INFINITY)}

    def _wish(self, wishes: Table, node: Node, attribute: str) -> int:
        """With a node attribute: for the best node of the same value."""
        value = value_of(node, attribute)
        usable, nodes = self.placement.usable, self.placement.cluster.nodes
        return max(
            (
                score
                for name, score in wishes.items()
                if usable(nodes[name]) and value_of(nodes[name], attribute) == value
            ),
            default=-INFINITY,
        )


def _counts(further: Colocate, primary: Resource) -> bool:
    by_role = Role.PROMOTED in (further.primary_role, further.role)
    if by_role and primary.clone() is not None:
        return False
    return has_influence(further, primary)


def rounded(factor: float, wish: int) -> int:
    """Half away from zero; a wish is never rounded to nothing."""
    value = factor * wish
    whole = int(value + 0.5) if value >= 0 else -int(-value + 0.5)
    if whole == 0 and value != 0:
        return 1 if factor > 0 else -1
    return max(-INFINITY, min(INFINITY, whole))

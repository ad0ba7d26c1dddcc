"""Who hears whom, as far as this node can see, from which follows whom it wants in a view.

Two nodes hear each other if both say so; of a node that is not heard here, what others say has to
do. Everyone takes the best set of all that it sees, then the best of the rest, until it is in one
itself: nodes with the same knowledge come to the same sets without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hanode.membership.clique import best_clique, bits


def bit(number: int) -> int:
    """A member's bit: of two sets of one size, the greater integer has the lowest number."""
    return 1 << 255 - number


def as_set(numbers: Iterable[int]) -> int:
    return sum(map(bit, numbers))


def numbers(nodes: int) -> list[int]:
    """The members of a set, lowest number first."""
    return [256 - node.bit_length() for node in bits(nodes)]


@dataclass(frozen=True, slots=True)
class Preference:
    """What settles a tie between sets of one size."""

    dc: int = 0
    witnesses: int = 0
    incumbents: int = 0
    """The members of the newest view of a majority: nobody who is in goes for one who comes.
    (A smaller view gives no such right, or the halves of a broken cluster would take turns.)"""

    def rank(self, nodes: int) -> tuple[Any, ...]:
        """The DC, those who are in already, the witness, the lowest numbers. A witness that
        comes back is heard by one data node first: that one does not leave the other for it."""
        return (
            bool(nodes & self.dc),
            (nodes & self.incumbents).bit_count(),
            bool(nodes & self.witnesses),
            nodes,
        )


def mutual(claims: Mapping[int, int]) -> dict[int, int]:
    """From what each visible node claims to hear: who hears whom both ways."""
    visible, hears = sum(claims), dict(claims)
    for node, claimed in claims.items():
        for deaf_to in bits(visible & ~claimed & ~node):
            hears[deaf_to] &= ~node
        for unseen in bits(claimed & ~visible):
            hears[unseen] = hears.get(unseen, 0) | node
    return hears


def wanted(me: int, claims: Mapping[int, int], preference: Preference) -> int:
    """The set that this node is in when everybody takes the best that is left."""
    everybody = sum(claims)
    if all(node | claimed == everybody for node, claimed in claims.items()):
        return everybody  # nothing to choose, as nearly always
    hears = mutual(claims)
    while True:
        best = best_clique(hears, preference.rank)
        if best & me:
            return best
        hears = {node: heard & ~best for node, heard in hears.items() if not node & best}

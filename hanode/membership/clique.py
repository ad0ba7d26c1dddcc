"""The best set of nodes that all hear each other, found exactly where that is affordable.

Sets are integers with one bit for each node. Bron-Kerbosch with a pivot visits each maximal set
once; sets that can't win are left out. 16 nodes need a few hundred steps at worst; beyond that
the search ends after STEPS_LIMIT with the best so far, which begins with the best connected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

STEPS_LIMIT = 1500


def bits(nodes: int) -> Iterator[int]:
    """Each node of the set, highest bit first."""
    while nodes:
        node = 1 << nodes.bit_length() - 1
        nodes ^= node
        yield node


def best_clique(hears: dict[int, int], rank: Callable[[int], Any]) -> int:
    """Of the largest sets whose nodes all hear each other, the one that ranks highest.

    `hears` maps each node's bit to the set of those it hears, and is symmetric.
    """
    search = _Search(hears, rank)
    everybody = sum(hears)
    search.extend(0, everybody, 0)
    return search.best


class _Search:
    def __init__(self, hears: dict[int, int], rank: Callable[[int], Any]) -> None:
        self._hears = hears
        self._rank = rank
        self._steps = 0
        self.best = 0

    def extend(self, chosen: int, candidates: int, excluded: int) -> None:
        """Visit the maximal sets made of `chosen` plus some of `candidates`."""
        self._steps += 1
        if not candidates and not excluded:
            self._offer(chosen)
        if chosen.bit_count() + candidates.bit_count() < self.best.bit_count():
            return
        if (self._steps > STEPS_LIMIT and self.best) or not candidates:
            return
        pivot = max(bits(candidates | excluded), key=lambda n: self._reach(n, candidates))
        for node in bits(candidates & ~self._hears[pivot]):
            heard = self._hears[node]
            self.extend(chosen | node, candidates & heard, excluded & heard)
            candidates ^= node
            excluded |= node

    def _offer(self, found: int) -> None:
        size, best = found.bit_count(), self.best.bit_count()
        if size > best or (size == best and self._rank(found) > self._rank(self.best)):
            self.best = found

    def _reach(self, node: int, candidates: int) -> int:
        return (self._hears[node] & candidates).bit_count()

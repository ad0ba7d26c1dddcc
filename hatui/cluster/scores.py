"""What the policy engine reckons of each resource: held packed, opened for who looks at one.

Of five thousand resources a decision takes fifty megabytes, these scores of it one and a half.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hanode.codec import pack_plain, unpack_plain
from hanode.transition import Blocked, Contribution, Transition


class Reckoning(NamedTuple):
    """Of one resource."""

    totals: Mapping[str, int]
    """Node -> its score."""
    reasons: Mapping[str, list[Contribution]]
    """Node -> what that is made of."""


class Scores:
    """Of all resources, as of one decision."""

    def __init__(self, packed: Mapping[str, bytes], blocked: tuple[Blocked, ...]) -> None:
        self._packed = packed
        self.blocked = blocked
        """What ought to be done and can't be."""

    @classmethod
    def of(cls, decision: Transition) -> Scores:
        names = {**decision.totals, **decision.scores}
        packed = {
            name: pack_plain([decision.totals.get(name, {}), decision.scores.get(name, {})])
            for name in names
        }
        return cls(packed, decision.blocked)

    @property
    def names(self) -> tuple[str, ...]:
        """What was placed, in the order in which that was done."""
        return tuple(self._packed)

    def reckoning(self, name: str) -> Reckoning:
        if name not in self._packed:
            return Reckoning({}, {})
        totals, scores = unpack_plain(self._packed[name])
        return Reckoning(totals, {node: _opened(parts) for node, parts in scores.items()})

    def to_wire(self) -> list[Any]:
        return [self._packed, [list(one) for one in self.blocked]]

    @classmethod
    def from_wire(cls, wire: list[Any]) -> Scores:
        packed, blocked = wire
        return cls(packed, tuple(Blocked(*one) for one in blocked))


def _opened(parts: list[Any]) -> list[Contribution]:
    return [Contribution(*part) for part in parts]

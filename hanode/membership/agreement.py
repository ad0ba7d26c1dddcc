"""One view at a time, agreed once all its members propose just it.

Every heartbeat says what its sender proposes, so a lost one only delays. A view has a number; a
node that wants another set than before takes the next higher one than it ever heard, those that
want the same set take the highest that is proposed for it. Nobody gives one number to two sets:
so no two views of the same number share a member.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Members = tuple[tuple[int, int], ...]
"""(number, boot) of each, sorted."""


class Proposed(NamedTuple):
    """A set with its number; (0, ()) for none."""

    number: int = 0
    members: Members = ()


NONE = Proposed()


class Agreement:
    """What this node proposes, and what it last agreed to."""

    def __init__(self) -> None:
        self.proposal = NONE
        self.agreed = NONE
        self.highest = 0
        """The highest number of a view that was ever heard here."""
        self._spent = 0
        """The highest number that this node ever gave to a set."""
        self.unsettled_since: float | None = None
        """Since when the others propose something else; None: they propose the same."""

    def heard(self, *numbers: int) -> None:
        self.highest = max(self.highest, *numbers)

    def propose(self, members: Members, others: Iterable[Proposed], now: float) -> bool:
        """Want this set, knowing the others' proposals; True if that is news for them."""
        same = max((other.number for other in others if other.members == members), default=0)
        number = self._number_for(members, same)
        if self.proposal == (number, members):
            return False
        self.proposal = Proposed(number, members)
        self._spent = max(self._spent, number)
        self.heard(number)
        self.unsettled_since = self.unsettled_since or now
        return True

    def conclude(self, others: Iterable[Proposed], now: float) -> bool:
        """Agree, if all the others of the proposed set propose it; True if a view is new."""
        if any(other != self.proposal for other in others):
            self.unsettled_since = self.unsettled_since or now
            return False
        self.unsettled_since = None
        news = self.agreed != self.proposal
        self.agreed = self.proposal
        return news

    def _number_for(self, members: Members, same: int) -> int:
        mine = (view.number for view in (self.proposal, self.agreed) if view.members == members)
        own = max(mine, default=0)
        if own and own >= same:
            return own
        if same > self._spent:
            return same
        return (self._spent if same else self.highest) + 1

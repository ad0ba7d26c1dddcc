"""Bugs of heartbeats, views and leases."""

from __future__ import annotations

from typing import Any

from hanode import settings
from hanode.lrm import processes
from hanode.membership import peer, sight
from hanode.membership.agreement import Agreement
from hanode.membership.clique import bits
from hanode.membership.lease import SentTimes
from hanode.membership.peer import Peer
from hanode.membership.views import Views
from hanode.messaging.correspondent import Correspondent
from hanode.messaging.window import Window
from tests.sim.mutants.garden import Garden, Mutant


def _long_lease(garden: Garden) -> None:
    for module in (settings, peer):
        garden.put(module, "lease_by", lambda deadtime: deadtime * 4)


def _lease_ignored(garden: Garden) -> None:
    garden.put(processes, "leased", lambda order: False)


def _one_ear_is_enough(garden: Garden) -> None:
    """Who is heard counts, whether or not it hears us."""

    def mutual(claims: Any) -> dict[int, int]:
        hears = dict.fromkeys(claims, 0)
        for node, claimed in claims.items():
            for other in bits(claimed):
                hears[node] |= other
                hears[other] = hears.get(other, 0) | node
        return hears

    def until(self: Peer, limit: float, grace: float) -> float:
        return self.heard_at + limit if self.heard_at else 0.0

    garden.put(sight, "mutual", mutual)
    garden.put(Peer, "both_ways_until", until)


def _own_view_is_agreed(garden: Garden) -> None:
    """A view counts as soon as this node wants it."""
    honest = Agreement.conclude
    garden.put(Agreement, "conclude", lambda self, others, now: honest(self, (), now))


def _replays_welcome(garden: Garden) -> None:
    honest = Window.admit

    def admit(self: Window, number: int) -> bool:
        honest(self, number)
        return True

    garden.put(Window, "admit", admit)


def _equal_is_new(garden: Garden) -> None:
    """Only the newest number is accepted a second time."""
    honest = Window.admit

    def admit(self: Window, number: int) -> bool:
        newest = getattr(self, "newest", None)
        return honest(self, number) or number == newest

    garden.put(Window, "admit", admit)


def _no_macs(garden: Garden) -> None:
    """A datagram's authenticator is not looked at."""
    garden.put(Correspondent, "proves", lambda self, boot, ours, content, claimed: True)


def _lease_from_the_answer(garden: Garden) -> None:
    """A lease counts from when the echo came, not from when the heartbeat left."""
    garden.put(SentTimes, "of", lambda self, seq: self._times[self.newest % self.SIZE])


def _yields_for_ever(garden: Garden) -> None:
    """A node never takes back that it has yielded. (In the core was a milder one: it went on while
    a view stood whose members all wanted it. They seldom stand that long: of 1,200 networks that
    were cut and made whole again, one stayed apart.)"""
    honest = Views._yield_to_settled

    def yield_to_settled(self: Views, peers: Any, now: float) -> None:
        before = dict(self._yielded)
        honest(self, peers, now)
        self._yielded = {**before, **self._yielded}

    garden.put(Views, "_yield_to_settled", yield_to_settled)


MUTANTS = {
    "long-lease": Mutant(
        "a lease of four dead times", _long_lease, "3", True, "pause,crash,oneway"
    ),
    "lease-from-the-answer": Mutant(
        "a lease counts from the echo",
        _lease_from_the_answer,
        "3",
        True,
        "moment,pause",
    ),
    "lease-ignored": Mutant("starts do not look at the lease", _lease_ignored),
    "one-ear": Mutant("hearing one way counts as hearing", _one_ear_is_enough, "3", True, "oneway"),
    "own-view": Mutant("a view is agreed by wanting it", _own_view_is_agreed),
    "replays": Mutant("any sequence number is accepted again", _replays_welcome),
    "equal-is-new": Mutant("an equal sequence number is accepted", _equal_is_new),
    "no-macs": Mutant("authenticators are not checked", _no_macs, "3", True, "outsider"),
    "yields-for-ever": Mutant(
        "a lone node never stops yielding",
        _yields_for_ever,
        "5",
        True,
        "lasso",
    ),
}

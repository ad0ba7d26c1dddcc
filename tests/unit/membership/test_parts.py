"""The small values that membership is made of, each alone."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from hanode.membership.agreement import Agreement, Proposed
from hanode.membership.cadence import Cadence
from hanode.membership.clique import best_clique
from hanode.membership.lease import SentTimes, lease_until
from hanode.membership.local_health import RECOVERY_BEATS, LocalHealth
from hanode.membership.sight import Preference, as_set, bit, numbers, wanted
from hanode.settings import Timing

AB, AC = ((1, 1), (2, 1)), ((1, 1), (3, 1))


@pytest.mark.parametrize("seed", range(40))
def test_the_best_clique_is_the_one_that_trying_all_finds(seed: int) -> None:
    random = Random(seed)
    count = random.randrange(1, 11)
    hears = {1 << n: 0 for n in range(count)}
    for a, b in combinations(range(count), 2):
        if random.random() < random.choice((0.3, 0.6, 0.9)):
            hears[1 << a] |= 1 << b
            hears[1 << b] |= 1 << a

    def mutual(nodes: int) -> bool:
        some = [node for node in hears if node & nodes]
        return all(hears[a] & b for a, b in combinations(some, 2))

    best = max((n for n in range(1, 1 << count) if mutual(n)), key=lambda n: (n.bit_count(), n))
    assert best_clique(hears, lambda nodes: nodes) == best


def test_the_search_is_bounded_and_good_on_32_nodes() -> None:
    pairs = {(a, b) for a, b in combinations(range(32), 2) if a // 2 != b // 2}
    hears = {
        1 << n: sum(1 << m for m in range(32) if tuple(sorted((n, m))) in pairs) for n in range(32)
    }
    assert best_clique(hears, lambda nodes: nodes).bit_count() == 16


def test_sets_name_their_members_in_order() -> None:
    assert numbers(as_set([200, 3, 1])) == [1, 3, 200]
    assert bit(1) > bit(2)


def test_a_tie_is_settled_by_dc_incumbents_witness_lowest() -> None:
    hub = {bit(1): as_set([2, 3]), bit(2): as_set([1]), bit(3): as_set([1])}
    assert wanted(bit(1), hub, Preference()) == as_set([1, 2])
    assert wanted(bit(3), hub, Preference()) == as_set([3])
    assert wanted(bit(1), hub, Preference(incumbents=as_set([1, 3]))) == as_set([1, 3])
    assert wanted(bit(1), hub, Preference(witnesses=bit(2))) == as_set([1, 2])
    comes_back = Preference(witnesses=bit(2), incumbents=as_set([1, 3]))
    assert wanted(bit(1), hub, comes_back) == as_set([1, 3])
    assert wanted(bit(1), hub, Preference(dc=bit(3), witnesses=bit(2))) == as_set([1, 3])


def test_agreement_needs_all_of_the_proposed_set() -> None:
    one = Agreement()
    assert one.propose(AB, [Proposed()], now=1.0)
    assert not one.conclude([Proposed()], now=1.0)
    assert not one.conclude([Proposed(1, AC)], now=1.1)
    assert one.conclude([Proposed(1, AB)], now=1.2)
    assert one.agreed == (1, AB)
    assert not one.conclude([Proposed(1, AB)], now=1.3)


def test_those_who_want_the_same_take_the_highest_number() -> None:
    one = Agreement()
    one.heard(7)
    one.propose(AB, [Proposed(4, AB)], now=1.0)
    assert one.proposal == (4, AB)
    one.propose(AB, [Proposed(9, AB)], now=1.0)
    assert one.proposal == (9, AB)
    one.conclude([Proposed(9, AB)], now=1.0)
    one.propose(AC, [Proposed()], now=2.0)
    assert one.proposal == (10, AC)
    assert one.unsettled_since == 2.0


def test_a_lease_counts_from_what_a_majority_echoed() -> None:
    assert lease_until([11.0, 10.0, 2.0], voters=3) == 10.0
    assert lease_until([11.0, 0.0, 0.0], voters=3) == 0.0
    assert lease_until([11.0, 0.0], voters=2) == 0.0
    assert lease_until([11.0], voters=1) == 11.0


def test_sent_times_remember_the_latest_only() -> None:
    sent = SentTimes()
    for n in range(1, 1000):
        assert sent.next(float(n)) == n
    assert sent.of(999) == 999.0
    assert sent.of(999 - SentTimes.SIZE) is None
    assert sent.of(0) is None
    assert sent.of(1000) is None


def test_news_never_beat_faster_than_ten_times_the_usual() -> None:
    cadence = Cadence(10.0, Timing())
    assert cadence.beat(10.0) == 0.0
    cadence.urge(10.001)
    assert cadence.at == pytest.approx(10.01)
    cadence.beat(10.01)
    assert cadence.at == pytest.approx(10.1)
    assert cadence.stalled(10.7)
    assert cadence.beat(12.0) == pytest.approx(1.9)
    assert cadence.at == pytest.approx(12.1)


def test_late_beats_lengthen_suspicions_until_all_is_well() -> None:
    health = LocalHealth(Timing())
    for _ in range(20):
        health.beat(0.3)
    assert health.patience == 4.0
    for _ in range(6 * RECOVERY_BEATS):
        health.beat(0.0)
    assert health.patience == 1.0

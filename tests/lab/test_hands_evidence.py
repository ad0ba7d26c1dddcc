"""What each kind of fence device proves, by how it behaves. (The table of all: `python -m tests lab
fencing`.)"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import evidence
from tests.lab.evidence import Bench

NOTHING = ("late", "lies", "fails", "hangs")
"""The manners that prove nothing, whatever has become of the target."""


@pytest.fixture(scope="module")
def shots() -> Iterator[Bench]:
    with evidence.bench() as made:
        yield made


@pytest.mark.timeout(180)
def test_only_what_obeys_and_says_so_proves_anything(shots: Bench) -> None:
    for play, proof in (
        (evidence.strip, "power-verified (off)"),
        (evidence.supplies, "power-verified (off)"),
        (evidence.isolation, "isolation-verified (cut off)"),
    ):
        assert play(shots, "works") == proof
        assert {play(shots, manner)[:4] for manner in NOTHING} == {"none"}


def test_a_slow_switch_is_waited_for(shots: Bench) -> None:
    assert evidence.strip(shots, "slow") == "power-verified (off)"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("manner", NOTHING)
def test_the_second_level_has_its_turn(shots: Bench, manner: str) -> None:
    assert evidence.levels(shots, manner) == "power-verified (off)"

"""Clusters that are born from seeds, live badly for two minutes, and must end well."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sim import mutants
from tests.sim.options import BOUNDED, FAULTS, draw
from tests.sim.simulator import run, simulate

SEEDS = Path(__file__).with_name("seeds.txt")
EVERY_TIME = [("3", seed) for seed in range(1, 9)] + [
    (nodes, seed) for nodes in ("2w", "2", "5") for seed in (1, 2, 3)
]
FAST_MUTANTS = ("ack-before-fsync", "small-majority", "own-write-counts-early")


def failed_once() -> list[tuple[str, int, tuple[str, ...]]]:
    """What seeds.txt lists, each with the classes of faults that there were by then."""
    rows = [line.split() for line in SEEDS.read_text().splitlines() if line]
    later = {name for row in rows if row[:2] == ["#", "with:"] for name in row[2:]}
    found = []
    for row in rows:
        if row[:2] == ["#", "with:"]:
            later -= set(row)
        elif row[0] != "#":
            found.append((row[0], int(row[1]), tuple(n for n in FAULTS if n not in later)))
    return found


@pytest.mark.parametrize(("nodes", "seed"), EVERY_TIME)
def test_ends_well(nodes: str, seed: int) -> None:
    outcome = simulate(seed, nodes)
    assert not outcome.violation, "\n".join(outcome.tail)


@pytest.mark.parametrize("seed", range(1, 5))
def test_ends_well_without_fencing_too(seed: int) -> None:
    outcome = simulate(seed, "3", faults=BOUNDED, fencing=False)
    assert not outcome.violation, "\n".join(outcome.tail)


@pytest.mark.parametrize(("nodes", "seed", "classes"), failed_once())
def test_what_failed_once_does_not_fail_again(
    nodes: str, seed: int, classes: tuple[str, ...]
) -> None:
    shape, _, manner = nodes.partition("/")
    dense = manner.startswith("dense")
    if manner.endswith("no-fencing"):
        bounded = [name for name in BOUNDED if name in classes]
        outcome = simulate(seed, shape, faults=bounded, fencing=False, dense=dense)
    elif manner and not dense:
        outcome = simulate(seed, shape, faults=manner.split(","), dense=True)
    else:
        outcome = simulate(seed, shape, faults=classes, dense=dense)
    assert not outcome.violation, "\n".join(outcome.tail)


def test_the_same_seed_lives_the_same_life() -> None:
    """Twice in two processes, whose sets and dicts of strings are ordered differently."""
    digests = {_digest(hash_seed) for hash_seed in ("1", "2")}
    assert len(digests) == 1


def test_no_decision_reads_the_wall_clock() -> None:
    """INV-19: with clocks that jump by years and without, the same life, step by step."""
    options = draw(3, "3", 1.0, ("clock", "crash", "partition", "operator"))
    options = replace(options, faults={**options.faults, "clock": 1.0})
    jumping, steady = run(options), run(replace(options, jumps=False))
    assert jumping.faults["clock"] > 0
    assert jumping.digest == steady.digest


def _digest(hash_seed: str) -> str:
    code = "from tests.sim.simulator import simulate; print(simulate(3, '3').digest)"
    done = subprocess.run(
        (sys.executable, "-c", code),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
        cwd=SEEDS.parent.parent.parent,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", sorted(mutants.MUTANTS))
def test_a_planted_bug_fits_what_it_replaces(name: str) -> None:
    with mutants.planted(name):
        pass


@pytest.mark.parametrize("name", FAST_MUTANTS)
def test_a_planted_bug_is_found(name: str) -> None:
    """All of them: `python -m tests sim --mutant all --seeds 1000`."""
    with mutants.planted(name):
        assert any(simulate(seed, "3").violation for seed in range(1, 4))

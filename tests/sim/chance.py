"""One tree of random numbers that grows from the seed: each actor draws from a branch of its own,
so that one more draw in one place changes nothing elsewhere."""

from __future__ import annotations

from random import Random


def branch(seed: int, *path: object) -> Random:
    """The generator at this branch. (A string seeds it by SHA-512, whatever the hash seed.)"""
    return Random("/".join([str(seed), *map(str, path)]))


def between(random: Random, low: float, high: float) -> float:
    """A number between two, small ones as likely as large ones (uniform in its logarithm)."""
    if low <= 0:
        return random.uniform(low, high)
    return float(low * (high / low) ** random.random())

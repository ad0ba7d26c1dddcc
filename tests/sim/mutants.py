"""Planted bugs, to see whether the invariants find them: each a small patch, made from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

Plant = Callable[[ExitStack], None]


class Mutant(NamedTuple):
    what: str
    plant: Plant
    shape: str = ""
    """The cluster that shows it; empty: any."""


MUTANTS: dict[str, Mutant] = {}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """With this bug in the core; with none, if the name is empty."""
    with ExitStack() as stack:
        if name:
            MUTANTS[name].plant(stack)
        yield

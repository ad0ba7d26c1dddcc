"""Planted bugs, to see whether the invariants find them: each a small patch, made from outside.

One file a theme; `python -m tests sim --mutant NAME` (or `all`) plants and hunts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.sim.mutants import durable, hands, hearing, office, shooting, voting
from tests.sim.mutants.garden import Garden, Mutant

MUTANTS: dict[str, Mutant] = {
    **durable.MUTANTS, **voting.MUTANTS, **hearing.MUTANTS, **shooting.MUTANTS, **office.MUTANTS,
    **hands.MUTANTS,
}  # fmt: skip


@contextmanager
def planted(name: str) -> Iterator[None]:
    """With this bug in the core; with none, if the name is empty."""
    with ExitStack() as stack:
        if name:
            MUTANTS[name].plant(Garden(stack))
        yield

"""How a bug is planted: names of the product are replaced from outside, and put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

Plant = Callable[["Garden"], None]


class Mutant(NamedTuple):
    what: str
    plant: Plant
    shape: str = ""
    """The cluster that shows it; empty: any."""
    fencing: bool = True
    """False: where power is cut before anything starts elsewhere, this bug would not show."""
    faults: str = ""
    """The classes of faults that it takes, joined by commas, and all of them in every seed; empty:
    all that there are, as drawn."""


class Garden:
    """Replaces names of the product, and puts them back."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def put(self, owner: Any, name: str, new: Any) -> None:
        old = owner[name] if isinstance(owner, dict) else owner.__dict__[name]

        def back() -> None:
            self._set(owner, name, old)

        self._set(owner, name, new)
        self._stack.callback(back)

    def _set(self, owner: Any, name: str, value: Any) -> None:
        if isinstance(owner, dict):
            owner[name] = value
        else:
            setattr(owner, name, value)

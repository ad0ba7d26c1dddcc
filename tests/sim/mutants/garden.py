"""How a bug is planted: names of the product are replaced from outside, and put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from inspect import Parameter, isfunction, signature
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
        if isfunction(old):
            _must_take_what(old, new)

        def back() -> None:
            self._set(owner, name, old)

        self._set(owner, name, new)
        self._stack.callback(back)

    def _set(self, owner: Any, name: str, value: Any) -> None:
        if isinstance(owner, dict):
            owner[name] = value
        else:
            setattr(owner, name, value)


def _must_take_what(old: Callable[..., Any], new: Callable[..., Any]) -> None:
    """A bug that can't even be called finds itself. Raises TypeError."""
    parameters = signature(old).parameters.values()
    named = {p.name: None for p in parameters if p.kind is Parameter.KEYWORD_ONLY}
    others = [p for p in parameters if p.name not in named and p.kind is not Parameter.VAR_KEYWORD]
    signature(new).bind(*others, **named)

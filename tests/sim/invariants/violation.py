"""What is raised when something is that must never be."""

from __future__ import annotations

from typing import NoReturn


class Violation(Exception):  # noqa: N818 - the word that its readers know
    """What must never be, is."""

    def __init__(self, invariant: str, detail: str) -> None:
        super().__init__(f"{invariant}: {detail}")
        self.invariant = invariant
        self.detail = detail


def fail(invariant: str, detail: str) -> NoReturn:
    raise Violation(invariant, detail)

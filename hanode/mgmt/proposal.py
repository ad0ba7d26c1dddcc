"""What an operator may order, ready to be shown, tried and sent; or why it can't be ordered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hanode.events import Edit, Event


class CannotOrder(ValueError):  # noqa: N818 - the word that callers know
    """This can't be ordered: what is wrong, and what to do instead. `code` is one of Denied's."""

    def __init__(self, message: str, code: str = "usage") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Aim:
    """What will be so once an order is carried out."""

    resources: tuple[str, ...]
    role: str = ""
    """Started: active somewhere; Stopped: nowhere; Promoted, Unpromoted: somewhere, nowhere."""
    node: str = ""
    """Active (or promoted) there."""
    off: str = ""
    """Not active (or promoted) there."""
    emptied: str = ""
    """This node runs nothing."""


class NothingToDo(CannotOrder):
    """It is so already, or ordered; `aim` is what will be so once that is carried out."""

    def __init__(self, message: str, aim: Aim | None = None) -> None:
        super().__init__(message)
        self.aim = aim


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an operator wants, ready to be shown, tried and sent."""

    events: tuple[Event, ...]
    """In this order; given as one, see hanode.mgmt.joint."""
    sentence: str
    """What the operator confirms."""
    command: str
    """The command line that does the same."""
    edits: tuple[Edit, ...] = ()
    """Those of its CibChanged: what a dry run applies."""
    risky: bool = False
    """It may end services or a node's life: ask for the object's name."""
    aim: Aim | None = None
    """Who waits for it sees by this whether it came about."""


def unknown(what: str, name: str, known: Iterable[str]) -> CannotOrder:
    """`unknown resource 'wbe'; did you mean 'web'?`"""
    import difflib  # costs 8 ms, and only a mistake needs it

    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        hint = f"did you mean {close[0]!r}?"
    elif names:
        shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        hint = f"known: {shown}"
    else:
        hint = f"no {what} is configured yet"
    return CannotOrder(f"unknown {what} {name!r}; {hint}", "unknown")

"""Roles that a resource can have, in the order in which it climbs through them."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    UNKNOWN = 0
    STOPPED = 1
    STARTED = 2
    UNPROMOTED = 3
    PROMOTED = 4

    @property
    def word(self) -> str:
        return WORDS[self]


WORDS = {
    Role.UNKNOWN: "Unknown",
    Role.STOPPED: "Stopped",
    Role.STARTED: "Started",
    Role.UNPROMOTED: "Unpromoted",
    Role.PROMOTED: "Promoted",
}

_READ = {
    "stopped": Role.STOPPED,
    "started": Role.STARTED,
    "unpromoted": Role.UNPROMOTED,
    "slave": Role.UNPROMOTED,
    "promoted": Role.PROMOTED,
    "master": Role.PROMOTED,
}


def read_role(text: str | None) -> Role:
    """A role as written, by its new or its old name; UNKNOWN when it is none."""
    return _READ.get(text.lower(), Role.UNKNOWN) if text else Role.UNKNOWN

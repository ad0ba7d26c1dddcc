"""How things are called: nodes, places in the log, facts."""

from __future__ import annotations

from typing import NamedTuple

NodeName = str
"""A member's name: given at enrolment, bound to its keys by a committed event, never reused for
other keys. It is the node's identity everywhere in the core; host names are only for people."""
NODE_NAME_LIMIT = 64


def is_node_name(name: str) -> bool:
    """Whether a node may be called so: files of other nodes bear its name, too."""
    plain = all(c.isalnum() or c in "-_." for c in name)
    return plain and 0 < len(name.encode()) <= NODE_NAME_LIMIT and not name.startswith(".")


class Position(NamedTuple):
    """A place in the log. Compares as Raft does: by term, then by index."""

    term: int
    index: int  # type: ignore[assignment]  # the field, not tuple.index


ORIGIN = Position(0, 0)
"""Before the first entry."""


class EventId(NamedTuple):
    """Names one fact for ever: the `n`th that `node` stated in its boot `boot`."""

    node: NodeName
    boot: int
    n: int

    def __str__(self) -> str:
        return f"{self.node}.{self.boot}.{self.n}"


OWN_ORDER = "alone."
"""Begins the id of an order that a node without quorum, or its LRM, gives itself."""

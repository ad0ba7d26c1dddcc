"""What a status says that the one before didn't: all that needs to travel to the PE's worker.

After most events one node's state is another; the rest would be written and read for nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from hanode.cib.status import NodeState, Status


class StatusNews(NamedTuple):
    """A status whose unchanged nodes are told by their place in the one before."""

    frame: Status
    nodes: tuple[NodeState | int, ...]


def news(before: Status, after: Status) -> StatusNews:
    """The difference; `whole` makes `after` of it again."""
    places = {state.name: at for at, state in enumerate(before.nodes)}
    nodes = tuple(_place(before, places.get(state.name, -1), state) for state in after.nodes)
    return StatusNews(after._replace(nodes=()), nodes)


def whole(before: Status, told: StatusNews) -> Status:
    """The status that was meant."""
    nodes = tuple(before.nodes[one] if isinstance(one, int) else one for one in told.nodes)
    return told.frame._replace(nodes=nodes)


def _place(before: Status, at: int, state: NodeState) -> NodeState | int:
    return at if at >= 0 and before.nodes[at] == state else state

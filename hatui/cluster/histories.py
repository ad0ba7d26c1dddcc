"""What nodes remember of resources: members, and remote nodes by those that reach them."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.events import OperationFinished
from hanode.state import ClusterState
from hanode.state.records import NodeRecord, Results


def records(state: ClusterState) -> Iterator[NodeRecord]:
    """Of every node of either kind."""
    yield from state.nodes.values()
    yield from state.remotes.values()


def histories(state: ClusterState) -> Iterator[tuple[str, Results]]:
    """(resource, its results) of each node in turn."""
    for record in records(state):
        yield from record.history.items()


def operations(state: ClusterState) -> Iterator[OperationFinished]:
    """All that is remembered."""
    for _, results in histories(state):
        yield from results.values()

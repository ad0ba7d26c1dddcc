"""Who would have a majority, when some nodes are gone: votes are counted in this place alone."""

from __future__ import annotations

from collections.abc import Collection

from hanode.state import ClusterState
from hanode.state.left_alone import fencing_enabled


def majority(state: ClusterState, left: Collection[str]) -> bool:
    """Whether these have it as things stand; a vote that is withheld doesn't count."""
    counting = [name for name in state.voters if name not in state.withheld]
    return 2 * sum(name in left for name in counting) > len(counting)


def goes_on(state: ClusterState, left: Collection[str]) -> bool:
    """Whether these have it once those who are lost are fenced: of two nodes alone, the one that
    is left then counts for both."""
    if majority(state, left):
        return True
    pair = len(state.members) == len(state.data_nodes) == 2 and not state.withheld
    return pair and sum(name in left for name in state.voters) == 1 and fencing_enabled(state)

"""What the log amounts to: one fold, the same on every node, console and replay.

Invariant: nothing here asks the world; a state is changed by `apply` and by nothing else.
"""

from hanode.state.cluster import ClusterState
from hanode.state.fold import apply, open_and_apply
from hanode.state.status import cib_of, status_of

__all__ = ["ClusterState", "apply", "cib_of", "open_and_apply", "status_of"]

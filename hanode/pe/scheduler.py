"""The page that is the algorithm."""

from __future__ import annotations

from hanode.cib.document import Cib
from hanode.transition import Transition


def schedule(cib: Cib, now: float) -> Transition:
    """Decide what must be done for the cluster to become what `cib` asks for."""
    return Transition()

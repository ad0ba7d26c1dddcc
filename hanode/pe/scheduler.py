"""The page that is the algorithm.

Each stage takes what the earlier ones returned. Three things don't fit that order and
have a home on purpose: the status may demand fencing (`unpack` notes it on the node,
`actions/fencing.py` acts), a ticket may too (in `assign`), and who is promoted is chosen
while assigning, since the place of others depends on it.
"""

from __future__ import annotations

from hanode.cib.document import Cib
from hanode.pe.actions import plan_actions
from hanode.pe.actions.migration import plan_migrations
from hanode.pe.actions.notify import plan_notices
from hanode.pe.assign import assign_all
from hanode.pe.graph.build import build_transition
from hanode.pe.model.cluster import Cluster
from hanode.pe.ordering import order_actions
from hanode.pe.ordering.settle import settle
from hanode.pe.unpack import unpack
from hanode.pe.unpack.constraints import unpack_constraints
from hanode.transition import Transition


def schedule(cib: Cib, now: float) -> Transition:
    """Decide what must be done for the cluster to become what `cib` asks for."""
    return decide(unpack(cib, now))  # what is wanted, and what is true


def decide(cluster: Cluster) -> Transition:
    """The same for a CIB that is unpacked already; what was unpacked is used up."""
    constraints = unpack_constraints(cluster)  # what must hold between resources
    placement = assign_all(cluster, constraints)  # where everything will be, and why
    plan = plan_actions(placement)  # what could be needed to get there
    order_actions(plan)  # what must come before what
    settle(plan)  # what of it is needed, and can run
    plan_migrations(plan)  # what can move without an interruption
    plan_notices(plan)  # who hears of it
    return build_transition(plan)  # what the transition engine will do

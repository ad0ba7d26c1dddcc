"""What must come before what, and what follows for what is needed and what can be run."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.ordering.apart import bind_together, keep_apart
from hanode.pe.ordering.explicit import order_explicitly
from hanode.pe.ordering.internal import order_internally
from hanode.pe.ordering.load import order_load
from hanode.pe.ordering.probes import order_probes
from hanode.pe.ordering.remote import order_remote

__all__ = ["order_actions"]


def order_actions(plan: Plan) -> None:
    """All orderings: those that lie in the nature of things, then the operator's."""
    for top in plan.placement.cluster.resources:
        order_internally(plan, top)
    order_explicitly(plan)
    keep_apart(plan)
    bind_together(plan)
    order_remote(plan)
    order_load(plan)
    order_probes(plan)

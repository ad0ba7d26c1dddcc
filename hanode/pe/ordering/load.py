"""Where capacities count, a node is relieved before it is loaded.

Everything that leaves a node does so before anything comes that takes capacity there.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o


def order_load(plan: Plan) -> None:
    """Stops before starts, node by node, through one gate each."""
    if plan.placement.cluster.options.placement == "default":
        return
    for leaf in plan.placement.cluster.primitives():
        if not leaf.utilization:
            continue
        for stop in plan.all_of(leaf, "stop"):
            if stop.node is not None:
                gate = plan.pseudo(f"load_stopped_{stop.node.name}")
                plan.order(stop, gate, o.ORDERED | o.GRAPH_THEN, "load")
        for start in plan.all_of(leaf, "start"):
            if start.node is not None:
                gate = plan.pseudo(f"load_stopped_{start.node.name}")
                plan.order(gate, start, o.ORDERED, "load")

"""A start waits for all probes of its resource: what if it is active somewhere else?

A probe also comes before the stops of what is mandatorily ordered after the probed one:
if the probe finds that nothing has to restart, nothing should have been stopped.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.resource import Resource
from hanode.pe.model.step import Step


def order_probes(plan: Plan) -> None:
    """All orderings from probes."""
    for top in plan.placement.cluster.resources:
        for leaf in top.primitives():
            probes = plan.all_of(leaf, "monitor")
            if probes:
                _before_starts(plan, leaf, probes)


def _before_starts(plan: Plan, leaf: Resource, probes: list[Step]) -> None:
    clone = leaf.clone()
    for probe in probes:
        if clone is not None:
            target = plan.find(clone, "start")
            if target is not None:
                plan.order(probe, target, o.ORDERED, "probe")
            for start in plan.all_of(leaf, "start"):
                plan.order(probe, start, o.ORDERED, "probe")
        else:
            for start in plan.all_of(leaf, "start"):
                plan.order(probe, start, o.ORDERED, "probe")

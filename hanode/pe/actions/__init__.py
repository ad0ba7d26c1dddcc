"""The third stage: everything that could be needed to get from here to there."""

from __future__ import annotations

from hanode.pe.actions.cleanup import plan_cleanups
from hanode.pe.actions.fencing import plan_fencing
from hanode.pe.actions.migration import mark_migratable
from hanode.pe.actions.plan import Plan
from hanode.pe.actions.probes import plan_probes
from hanode.pe.actions.recurring import plan_recurring
from hanode.pe.actions.roles import plan_roles
from hanode.pe.actions.shutdown import plan_shutdowns
from hanode.pe.actions.unfencing import let_in_last, plan_unfencing
from hanode.pe.assign.placement import Placement


def plan_actions(placement: Placement) -> Plan:
    """All steps; most of them optional, until something needs them."""
    plan = Plan(placement)
    leaves = placement.cluster.primitives()
    plan_probes(plan)
    for leaf in leaves:
        plan_roles(plan, leaf)
    for leaf in leaves:
        plan_recurring(plan, leaf)
    mark_migratable(plan)
    plan_unfencing(plan)
    plan_fencing(plan)
    let_in_last(plan)
    plan_shutdowns(plan)
    plan_cleanups(plan)
    return plan

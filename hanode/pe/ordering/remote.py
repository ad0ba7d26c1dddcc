"""What is done on a remote or guest node is done through a connection.

So it comes after the connection's start and before its stop. A connection that was lost
without hope is no reason to wait: the node is fenced, and its stops are implied.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.resource import Resource
from hanode.pe.model.step import Step


def order_remote(plan: Plan) -> None:
    """Every step on a remote or guest node."""
    for step in list(plan.steps):
        node = step.node
        if node is None or not node.is_remote or node.connection is None:
            continue
        if step.kind not in ("rsc", "cancel", "cleanup") or step.resource is None:
            continue
        if step.resource is node.connection:
            continue
        _one(plan, step, node.connection)


def _one(plan: Plan, step: Step, connection: Resource) -> None:
    starts = plan.all_of(connection, "start")
    stops = plan.all_of(connection, "stop")
    if step.task in ("start", "promote"):
        guest = step.node is not None and step.node.is_guest
        flags = o.MANDATORY_START if guest else o.ORDERED | o.UNRUNNABLE_BLOCKS
        for start in starts:
            plan.order(start, step, flags, "remote")
            _stay_until(plan, start, step)
        return
    if step.task in ("stop", "demote"):
        half_way = connection.migration_target is not None  # it goes through the new end alone
        for stop in stops:
            implied = step.pseudo and step.node is not None and step.node.is_guest
            if not implied and not half_way:
                plan.order(step, stop, o.ORDERED | o.KEPT, "remote")
        if not step.pseudo and (connection.failed or not connection.active or half_way):
            for start in starts:
                plan.order(start, step, o.ORDERED, "remote")
        return
    flags = o.FIRST_IMPLIES_THEN if step.interval_ms and step.kind == "rsc" else o.ORDERED
    for start in starts:
        plan.order(start, step, flags | o.UNRUNNABLE_BLOCKS, "remote")


def _stay_until(plan: Plan, connected: Step, start: Step) -> None:
    """What moves to a node behind a connection stays where it is until that is up."""
    if start.task != "start" or connected.optional or start.resource is None:
        return
    for stop in plan.all_of(start.resource, "stop"):
        if stop.node is not start.node:
            plan.order(connected, stop, o.ORDERED, "remote")

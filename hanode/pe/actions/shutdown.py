"""A node that wants to leave does so when nothing runs on it any more; the DC goes last."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.step import Step


def plan_shutdowns(plan: Plan) -> None:
    """One `do_shutdown` for each online, clean node that is shutting down."""
    others: list[Step] = []
    last: Step | None = None
    for node in plan.placement.cluster.nodes.values():
        if not (node.shutdown and node.online and not node.unclean) or node.is_remote:
            continue
        step = plan.other(f"do_shutdown-{node.name}", "do_shutdown", "shutdown", None, node)
        step.optional = False
        step.reason = f"{node.name} is shutting down"
        plan.shutdowns[node.name] = step
        _after_all(plan, step)
        if node.is_dc:
            last = step
        else:
            others.append(step)
    if last is not None:
        for step in [*others, *plan.fencing.values()]:
            plan.order(step, last, o.ORDERED, "dc-last")


def _after_all(plan: Plan, shutdown: Step) -> None:
    for step in plan.steps:
        if step.node is not shutdown.node or step.resource is None or step is shutdown:
            continue
        if step.task == "stop":
            resource = step.resource
            if not resource.managed and (resource.maintenance or not resource.blocked):
                continue
            plan.order(step, shutdown, o.ORDERED | o.UNRUNNABLE_BLOCKS, "shutdown")

"""Which steps and edges belong to the transition."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.step import Edge, Step


def selected(plan: Plan) -> list[Step]:
    """Steps that are needed (or belong to what is needed) and can be run."""
    return [step for step in plan.steps if belongs(plan, step)]


def belongs(plan: Plan, step: Step) -> bool:
    if not step.runnable:
        return False
    if step.optional and not step.always and not (step.graphed and step.pseudo):
        return False
    resource = step.resource
    if (
        resource is not None
        and resource.primitive
        and not resource.managed
        and step.task not in ("monitor", "cancel", "clear_failcount", "lrm_delete", "delete")
    ):
        return False
    if (
        step.task == "reload-agent"
        and resource is not None
        and any(stop.required for stop in plan.all_of(resource, "stop"))
    ):
        return False  # a restart does it too
    if step.pseudo or step.kind in ("fence", "cleanup"):
        return True
    node = step.node
    if node is None:
        return step.pseudo
    if node.unclean and step.kind == "rsc" and not node.is_guest:
        return not plan.fencing.get(node.name) and node.online
    return True


def kept(edge: Edge) -> bool:
    """Whether an edge between two selected steps says anything."""
    flags = edge.flags
    if flags == o.BLOCKS_ALONE:
        return False
    if edge.first.source is not None and edge.first.task == "stop" and not flags & ~o.ORDERED:
        own = edge.then.resource is edge.first.resource and edge.then.kind != "cancel"
        return own or edge.then.kind not in ("rsc", "cancel")
    if flags & o.SAME_NODE and edge.first.node is not edge.then.node:
        return False
    return not (flags & o.ASYMMETRIC and edge.then.optional and not edge.then.graphed)

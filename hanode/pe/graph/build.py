"""The transition: each selected step as an action that can be executed from itself alone."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.graph.details import detail
from hanode.pe.graph.loops import without_loops
from hanode.pe.graph.select import kept, selected
from hanode.pe.graph.summary import summarize
from hanode.pe.model.step import Edge
from hanode.transition import Blocked, RecheckAt, Transition


def build_transition(plan: Plan) -> Transition:
    """What the transition engine will do, with all reasons."""
    cluster = plan.placement.cluster
    steps = selected(plan)
    inside = {step.serial for step in steps}
    edges: list[Edge] = []
    seen: set[tuple[int, int]] = set()
    for step in steps:
        for edge in step.before:
            pair = (edge.first.serial, edge.then.serial)
            if edge.first.serial in inside and pair not in seen and kept(edge):
                seen.add(pair)
                edges.append(edge)
    edges = without_loops(cluster, steps, edges)
    recheck = None
    if cluster.recheck:
        recheck = RecheckAt(cluster.recheck, cluster.recheck_why)
    return Transition(
        actions=tuple(detail(plan, step) for step in steps),
        orderings=tuple((edge.first.serial, edge.then.serial) for edge in edges),
        summary=tuple(summarize(plan)),
        scores=plan.placement.tables.reasons,
        totals={leaf.id: dict(plan.placement.tables.of(leaf)) for leaf in cluster.primitives()},
        blocked=tuple(_blocked(plan)),
        warnings=tuple(cluster.warnings),
        recheck=recheck,
        concurrency_max=cluster.options.batch_limit,
        per_node_max=cluster.options.node_action_limit,
        migrations_max=cluster.options.migration_limit,
    )


def _blocked(plan: Plan) -> list[Blocked]:
    found = []
    for step in plan.steps:
        resource = step.resource
        if step.optional or step.runnable or step.pseudo or resource is None:
            continue
        if not resource.primitive or step.interval_ms:
            continue
        node = step.node.name if step.node is not None else None
        found.append(Blocked(resource.label, node, step.task, step.blocked_by))
    return found

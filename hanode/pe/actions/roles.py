"""What takes a primitive from where and what it is to where and what it is to be.

Every step that could be needed is made, most of them optional: a resource that stays has
an optional stop and start, so that an ordering can still call for its restart.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.assign.placement import Placement
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def plan_roles(plan: Plan, resource: Resource) -> None:
    """Make the steps of one primitive."""
    placement = plan.placement
    chosen = placement.node_of.get(resource.id)
    wanted = placement.next_role.get(resource.id, Role.STOPPED)
    if chosen is None:
        wanted = Role.STOPPED
    active = list(resource.here())
    for node in resource.active:
        if node not in active:
            _down(plan, resource, node, needed=True, why=f"{node.name} is lost")
    for node in resource.dangling:
        if node not in active:
            clean = plan.step(resource, "stop", node, optional=False)
            clean.reason = "a migration may have left it there"
            clean.migratable = True  # the end of one: who depends on it needn't stop for that
    if resource.migration_target is not None and len(active) > 1:
        _plan_partial(plan, resource, chosen, wanted)
        return
    if wanted == Role.STOPPED or chosen is None:
        _stop_everywhere(plan, resource, active)
        return
    if not active or resource.role == Role.STOPPED:
        # What a failed migration may have left elsewhere is stopped for safety's sake.
        for node in active:
            if node is not chosen:
                _down(plan, resource, node, needed=True, why="a migration may have left it there")
        _start(plan, resource, chosen, wanted, needed=True)
        return
    if len(active) > 1:
        _gather(plan, resource, active, chosen, wanted)
    elif active[0] is chosen:
        _stay(plan, resource, chosen, wanted)
    else:
        _move(plan, resource, active, chosen, wanted)


def _stop_everywhere(plan: Plan, resource: Resource, active: list[Node]) -> None:
    why = plan.placement.why_nowhere.get(resource.id, "it may run nowhere")
    for node in active:
        _down(plan, resource, node, needed=True, why=why)


def _down(plan: Plan, resource: Resource, node: Node, needed: bool, why: str) -> None:
    """Demote if need be, then stop."""
    if resource.role == Role.PROMOTED:
        demote = plan.step(resource, "demote", node, optional=not needed)
        if needed and not demote.reason:
            demote.reason = why
    stop = plan.step(resource, "stop", node, optional=not needed)
    if needed and not stop.reason:
        stop.reason = why
    if not resource.managed:
        stop.forbid(f"{resource.label} is unmanaged")
        if resource.failed and resource.blocked:
            stop.optional = False


def why_not(placement: Placement, resource: Resource, here: Node, chosen: Node) -> str:
    """In one sentence, why it can't or had better not be here."""
    for wrong, sentence in (
        (here.unclean, f"{here.name} is to be fenced ({here.why_unclean})"),
        (here.shutdown, f"{here.name} is shutting down"),
        (not here.online, f"{here.name} is offline"),
        (here.standby_on_fail, f"{here.name} is in standby since something failed there"),
        (here.standby, f"{here.name} is in standby"),
        (here.maintenance, f"{here.name} is in maintenance"),
    ):
        if wrong:
            return sentence
    reasons = placement.tables.reasons.get(resource.id, {})
    worst = min(reasons.get(here.name, []), default=None, key=lambda part: part.amount)
    if worst is not None and worst.amount < 0:
        there = f" ({here.name})" if worst.sentence.endswith("there") else ""
        return f"{worst.sentence}{there}"
    best = max(reasons.get(chosen.name, []), default=None, key=lambda part: part.amount)
    if best is not None and best.amount > 0:
        return best.sentence
    outer = resource.parent
    if outer is not None and outer.kind == "group" and outer.children[0] is not resource:
        return f"{outer.children[0].label}, the first of its group, does"
    return f"{chosen.name} is the better node for it"


def _start(
    plan: Plan, resource: Resource, node: Node, wanted: Role, needed: bool, why: str = ""
) -> None:
    """Start, then promote if that is wanted."""
    start = plan.step(resource, "start", node, optional=not needed)
    if needed and not start.reason:
        start.reason = why or f"{node.name} is the best node for it"
    if wanted == Role.PROMOTED:
        promote = plan.step(resource, "promote", node, optional=not needed)
        if needed and not promote.reason:
            promote.reason = "it is to be promoted"


def _stay(plan: Plan, resource: Resource, node: Node, wanted: Role) -> None:
    role = resource.role
    restart, why = _must_restart(resource, node)
    only_demote = _demote_is_enough(resource)
    _down(plan, resource, node, needed=restart and not only_demote, why=why)
    if role == Role.PROMOTED and wanted != Role.PROMOTED:
        plan.step(resource, "demote", node, optional=False).reason = "it is not to be promoted"
    if only_demote and role == Role.PROMOTED:
        plan.step(resource, "demote", node, optional=False).reason = "it failed while promoted"
    start = plan.step(resource, "start", node, optional=not (restart and not only_demote))
    if restart and not start.reason:
        start.reason = why
    if wanted == Role.PROMOTED:
        needed = role != Role.PROMOTED or restart
        promote = plan.step(resource, "promote", node, optional=not needed)
        if role != Role.PROMOTED:
            promote.reason = "it is to be promoted"
    if resource.needs_reload and not restart and resource.managed:
        reload = plan.step(resource, "reload-agent", node, optional=False)
        reload.reason = "its parameters changed"
    if not start.runnable and resource.managed:
        _down(plan, resource, node, needed=True, why=start.blocked_by)
    if resource.start_pending and not restart and resource.pending_node == node.name:
        start.optional = not resource.managed
        start.again = True
        start.reason = "its start was under way, and its result is not known"


def _demote_is_enough(resource: Resource) -> bool:
    return resource.failed and resource.demote_only and resource.role == Role.PROMOTED


def _must_restart(resource: Resource, node: Node) -> tuple[bool, str]:
    if resource.astray and node.name not in resource.failed_on:
        return True, f"its migration from {node.name} did not succeed"
    if resource.failed:
        return True, f"{resource.label} failed on {node.name}"
    if resource.needs_restart:
        return True, "its parameters changed"
    if resource.migration_target is node:
        return True, "its migration was cut off"
    if resource.role == Role.PROMOTED and not resource.promotable:
        return True, "it is promoted, though nothing promotes it"
    return False, ""


def _move(plan: Plan, resource: Resource, active: list[Node], chosen: Node, wanted: Role) -> None:
    why = why_not(plan.placement, resource, active[0], chosen)
    for node in active:
        _down(plan, resource, node, needed=True, why=f"it moves to {chosen.name}: {why}")
    _start(plan, resource, chosen, wanted, needed=True, why=why)


def _gather(plan: Plan, resource: Resource, active: list[Node], chosen: Node, wanted: Role) -> None:
    """It is active more than once, which it must not be."""
    policy = resource.multiple_active
    stays = resource.may_stay(chosen)
    for node in active:
        if stays and node is chosen:
            _down(plan, resource, node, needed=False, why="")
        else:
            _down(plan, resource, node, needed=True, why="it is active on several nodes")
    if policy == "stop_only":
        return
    _start(plan, resource, chosen, wanted, needed=not stays)
    start = plan.find(resource, "start", chosen)
    if stays and start is not None:
        start.pseudo = True  # it goes on there; only its watching begins anew


def _plan_partial(plan: Plan, resource: Resource, chosen: Node | None, wanted: Role) -> None:
    """A live migration was cut off half-way: finish it, or stop both halves."""
    source, target = resource.migration_source, resource.migration_target
    assert source is not None
    assert target is not None
    if chosen is target and wanted != Role.STOPPED and _may_go_on(resource, source):
        _down(plan, resource, source, needed=True, why="its migration is to be completed")
        _start(plan, resource, target, wanted, needed=True)
        return
    resource.migration_source = None
    resource.migration_target = None
    if chosen is None or wanted == Role.STOPPED:
        _stop_everywhere(plan, resource, list(resource.active))
        return
    for node in resource.active:
        _down(plan, resource, node, needed=True, why="its migration can't be completed")
    if resource.multiple_active != "stop_only":
        _start(plan, resource, chosen, wanted, needed=True)


def _may_go_on(resource: Resource, source: Node) -> bool:
    halves = len(resource.active) == 2 and source in resource.active
    return halves and resource.allow_migrate and not resource.failed and not source.unclean

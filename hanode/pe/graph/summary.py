"""What becomes of each resource and node, in the words that operators know."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.model.step import Step
from hanode.transition import Change


def summarize(plan: Plan) -> list[Change]:
    """Fencing first, then resources in their order."""
    found = []
    for step in [*plan.fencing.values(), *plan.unfencing.values()]:
        assert step.node is not None
        name = step.resource.label if step.resource is not None else None
        found.append(Change(f"Fence ({step.task})", name, (step.node.name,), reason=step.reason))
    for top in plan.placement.cluster.resources:
        for leaf in top.primitives():
            found.extend(changes_of(plan, leaf))
    return found


def changes_of(plan: Plan, resource: Resource) -> list[Change]:
    """The lines for one primitive."""
    placement = plan.placement
    chosen = placement.node_of.get(resource.id)
    wanted = placement.next_role.get(resource.id, Role.STOPPED)
    active = resource.active
    if not resource.managed or (not active and chosen is None):
        return []
    current = _current(resource)
    if chosen is not None and wanted > Role.STOPPED:
        if current is None:
            return _beginning(plan, resource, chosen, wanted)
        return _going_on(plan, resource, current, chosen, wanted)
    return _ending(plan, resource)


def _current(resource: Resource) -> Node | None:
    if resource.migration_source in resource.active:
        return resource.migration_source
    here = resource.here() or resource.active
    return here[0] if here else None


def _step(plan: Plan, resource: Resource, task: str, node: Node | None) -> Step | None:
    return plan.find(resource, task, node) if node is not None else None


def _needed(step: Step | None) -> bool:
    return step is not None and step.required


def _beginning(plan: Plan, resource: Resource, chosen: Node, wanted: Role) -> list[Change]:
    start = _step(plan, resource, "start", chosen)
    if start is None or start.optional:
        return []
    roles = ("Stopped", "Promoted") if wanted == Role.PROMOTED else ()
    cleaned = any(_needed(_step(plan, resource, "stop", node)) for node in resource.dangling)
    action = "Restart" if cleaned else "Start"
    decisive = start
    if wanted == Role.PROMOTED:
        action = "Promote"
        promote = _step(plan, resource, "promote", chosen)
        decisive = promote or start
    blocked = not start.runnable or not decisive.runnable
    return [_change(action, resource, (chosen,), roles, blocked, start)]


def _ending(plan: Plan, resource: Resource) -> list[Change]:
    found = []
    for node in resource.active:
        stop = _step(plan, resource, "stop", node)
        if not _needed(stop):
            continue
        assert stop is not None
        found += _stopping(resource, node, stop)
    return found


def _stopping(resource: Resource, node: Node, stop: Step) -> list[Change]:
    role = resource.role
    roles = (role.word,) if role in (Role.UNPROMOTED, Role.PROMOTED) else ()
    return [_change("Stop", resource, (node,), roles, not stop.runnable, stop)]


def _going_on(
    plan: Plan, resource: Resource, current: Node, chosen: Node, wanted: Role
) -> list[Change]:
    if resource.multiple_active == "stop_only" and len(resource.active) > 1:
        return _ending(plan, resource)
    role = resource.role
    moving = current is not chosen
    roles = _roles(role, wanted)
    start = _step(plan, resource, "start", chosen)
    stop = _step(plan, resource, "stop", current)
    migrate = _step(plan, resource, "migrate_to", resource.active[0]) or _step(
        plan, resource, "migrate_from", chosen
    )
    nodes = (current, chosen) if moving else (chosen,)
    if _needed(migrate) and migrate is not None and migrate.runnable and moving:
        return [_change("Migrate", resource, nodes, roles, False, start or migrate)]
    reload = _step(plan, resource, "reload-agent", chosen)
    if _needed(reload) and reload is not None and not _needed(stop):
        return [_change("Reload", resource, nodes, roles, not reload.runnable, reload)]
    if start is not None and not start.runnable and stop is not None and stop.required:
        return _stopping(resource, current, stop)
    if start is not None and start.required and not start.again:
        if moving and not resource.failed:
            action = "Move"
        elif resource.failed:
            action = "Recover"
        else:
            action = "Restart"
        blocked = not start.runnable or (stop is not None and not stop.runnable)
        return [_change(action, resource, nodes, roles, blocked, start)]
    return _role_change(plan, resource, chosen, wanted, roles)


def _role_change(
    plan: Plan, resource: Resource, node: Node, wanted: Role, roles: tuple[str, ...]
) -> list[Change]:
    role = resource.role
    demote = _step(plan, resource, "demote", node)
    promote = _step(plan, resource, "promote", node)
    if role == Role.PROMOTED and wanted == Role.PROMOTED:
        if _needed(demote) and _needed(promote) and promote is not None:
            blocked = not promote.runnable
            return [_change("Re-promote", resource, (node,), roles, blocked, promote)]
        return []
    if role == Role.PROMOTED:
        if demote is not None and demote.required:
            return [_change("Demote", resource, (node,), roles, not demote.runnable, demote)]
        return []
    if wanted == Role.PROMOTED and promote is not None and promote.required:
        return [_change("Promote", resource, (node,), roles, not promote.runnable, promote)]
    return []


def _roles(role: Role, wanted: Role) -> tuple[str, ...]:
    climbing = (Role.UNPROMOTED, Role.PROMOTED)
    if role not in climbing and wanted != Role.PROMOTED:
        return ()
    if role == Role.STARTED:
        role = Role.UNPROMOTED
    if role == wanted:
        return (role.word,)
    return (role.word, wanted.word)


def _change(
    action: str,
    resource: Resource,
    nodes: tuple[Node, ...],
    roles: tuple[str, ...],
    blocked: bool,
    step: Step,
) -> Change:
    reason = step.blocked_by if blocked and step.blocked_by else step.reason
    return Change(
        action, resource.label, tuple(node.name for node in nodes), roles, blocked, reason
    )

"""Recurring monitors: begun with a start, cancelled when their role is over."""

from __future__ import annotations

from hanode.cib.status import DONE, PENDING
from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.node import Node
from hanode.pe.model.operation import ConfiguredOperation
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role, read_role
from hanode.pe.model.step import Step
from hanode.pe.unpack.meta import truth


def plan_recurring(plan: Plan, resource: Resource) -> None:
    """Monitors for the role that it will have, and cancellations of the others."""
    placement = plan.placement
    node = placement.node_of.get(resource.id)
    role = placement.next_role.get(resource.id, Role.STOPPED)
    if resource.maintenance:
        wholly = placement.cluster.options.maintenance or truth(resource.meta, "maintenance", False)
        _cancel_all(plan, resource, [n for n in resource.active if wholly or n.maintenance])
        if wholly:
            return
    count: dict[tuple[str, int], int] = {}
    for operation in resource.operations:
        index = (operation.name, operation.interval_ms)
        count[index] = count.get(index, 0) + 1
    for operation in resource.operations:
        if operation.interval_ms <= 0 or operation.name in ("start", "stop", "promote", "demote"):
            continue
        if count[operation.name, operation.interval_ms] > 1:
            plan.placement.cluster.warn(
                f'operation "{operation.id}" of "{resource.label}" is configured twice'
            )
            continue
        if not operation.enabled:
            continue
        if operation.role and read_role(operation.role) == Role.STOPPED:
            _when_stopped(plan, resource, operation, node, role)
            continue
        if node is not None and node.maintenance and resource.maintenance:
            continue
        if node is None or role <= Role.STOPPED:
            _when_container_goes(plan, resource, operation)
            continue
        _when_active(plan, resource, operation, node, role)


def _cancel_all(plan: Plan, resource: Resource, nodes: list[Node]) -> None:
    """Under maintenance nothing is watched; what is on its way out is not worth the trouble."""
    if resource.orphan:
        return
    for node in nodes:
        if not node.online or node.unclean or not (node.maintenance or node.usable()):
            continue
        for operation in resource.operations:
            interval = operation.interval_ms
            if interval <= 0:
                continue
            begun = node.serves()  # what has only been asked for is cancelled as well
            if _in_history(plan, resource, node, operation.name, interval, pending=begun):
                cancel_step(plan, resource, node, operation.name, interval, "maintenance")


_BEGINS_ANEW = ("start", "stop", "promote", "demote", "migrate_from")


def fits(operation: ConfiguredOperation, role: Role) -> bool:
    """Whether a monitor belongs to a role; without one it is for all that isn't promoted."""
    wanted = read_role(operation.role)
    if wanted == Role.UNKNOWN:
        return role in (Role.STARTED, Role.UNPROMOTED)
    return wanted == role


def _in_history(
    plan: Plan, resource: Resource, node: Node, name: str, interval: int, pending: bool = False
) -> bool:
    history = plan.placement.cluster.history.get((resource.id, node.name), ())
    for operation in reversed(history):
        if operation.task in _BEGINS_ANEW and operation.status == DONE:
            return False  # whatever was watched before has ended
        if operation.is_last_failure:
            continue  # tells how it failed once, whether or not it is watched still
        if operation.task == name and operation.interval_ms == interval:
            return pending or operation.status != PENDING
    return False


def _when_active(
    plan: Plan, resource: Resource, operation: ConfiguredOperation, node: Node, role: Role
) -> None:
    known = _in_history(plan, resource, node, operation.name, operation.interval_ms)
    if not fits(operation, role):
        if known:
            _cancel_for_role(plan, resource, operation, node, role)
        return
    changed = (node.name, operation.name, operation.interval_ms) in resource.rewatch
    stays = resource.blocked or (known and node in resource.active and not changed)
    step = plan.step(
        resource, operation.name, node, optional=stays, interval_ms=operation.interval_ms
    )
    if not stays:
        step.reason = f"{resource.label} is to be watched on {node.name}"
    if not plan.is_up(node):
        step.forbid(f"{node.name} is not online")
    if role == Role.PROMOTED:
        step.expected_rc = 8
        step.role = "Promoted"
    order_after_role(plan, resource, step, node, role)


def _when_container_goes(plan: Plan, resource: Resource, operation: ConfiguredOperation) -> None:
    """What loses its container is demoted as if it were to go on: its watching ends first."""
    host = resource.host
    if host is None or resource.role != Role.PROMOTED or host not in resource.active:
        return
    if resource.next_target == Role.STOPPED or fits(operation, Role.UNPROMOTED):
        return
    if _in_history(plan, resource, host, operation.name, operation.interval_ms):
        _cancel_for_role(plan, resource, operation, host, Role.UNPROMOTED)


def order_after_role(plan: Plan, resource: Resource, step: Step, node: Node, role: Role) -> None:
    """Watching begins when what is to be watched is there."""
    start = plan.find(resource, "start", node)
    if start is not None:
        plan.order(start, step, o.FIRST_IMPLIES_THEN | o.UNRUNNABLE_BLOCKS, "monitor")
    reload = plan.find(resource, "reload-agent", node)
    if reload is not None:
        plan.order(reload, step, o.FIRST_IMPLIES_THEN, "monitor")
    if role == Role.PROMOTED:
        promote = plan.find(resource, "promote", node)
        if promote is not None:
            goes_on = resource.role == Role.PROMOTED
            implies = o.ORDERED if goes_on else o.FIRST_IMPLIES_THEN
            plan.order(promote, step, implies | o.UNRUNNABLE_BLOCKS, "monitor")
    elif resource.role == Role.PROMOTED:
        demote = plan.find(resource, "demote", node)
        if demote is not None:
            plan.order(demote, step, o.FIRST_IMPLIES_THEN, "monitor")


def _cancel_for_role(
    plan: Plan, resource: Resource, operation: ConfiguredOperation, node: Node, role: Role
) -> None:
    """It belongs to the role that ends: cancelled before the change.

    What starts anew is not watched meanwhile anyway.
    """
    start = plan.find(resource, "start", node)
    if start is not None and start.required:
        return
    why = f"it is not for role {role.word}"
    cancel = cancel_step(plan, resource, node, operation.name, operation.interval_ms, why)
    flags = o.UNRUNNABLE_BLOCKS
    for task in ("promote", "demote"):
        change = plan.find(resource, task, node)
        if change is None:
            continue
        if task == ("promote" if role == Role.PROMOTED else "demote"):
            plan.order(cancel, change, flags, "cancel")


def cancel_step(
    plan: Plan, resource: Resource, node: Node, name: str, interval_ms: int, why: str
) -> Step:
    """Stop a recurring operation."""
    key = f"{resource.label}_cancel_{interval_ms}"
    cancel = plan.other(key, "cancel", "cancel", resource, node)
    cancel.optional = False
    cancel.interval_ms = interval_ms
    cancel.role = name
    cancel.reason = why
    if not plan.is_up(node):
        cancel.forbid(f"{node.name} is not online")
    return cancel


def _when_stopped(
    plan: Plan,
    resource: Resource,
    operation: ConfiguredOperation,
    node: Node | None,
    role: Role,
) -> None:
    """A monitor with role=Stopped runs on every node where the resource isn't to be."""
    cluster = plan.placement.cluster
    if (
        node is not None
        and role > Role.STOPPED
        and _in_history(plan, resource, node, operation.name, operation.interval_ms)
    ):
        why = f"{resource.label} is to be active there"
        cancel = cancel_step(plan, resource, node, operation.name, operation.interval_ms, why)
        for task in ("start", "promote"):
            change = plan.find(resource, task, node)
            if change is not None:
                plan.order(cancel, change, o.UNRUNNABLE_BLOCKS, "cancel")
    if resource.blocked or (resource.instance_of is not None and not resource.unique):
        return
    for other in cluster.nodes.values():
        if other is node and role > Role.STOPPED:
            continue
        if not other.online or other.unclean or other.pending:
            continue
        known = _in_history(plan, resource, other, operation.name, operation.interval_ms)
        step = plan.step(
            resource,
            operation.name,
            other,
            optional=known and other not in resource.active,
            interval_ms=operation.interval_ms,
        )
        step.expected_rc = 7
        step.role = "Stopped"
        step.reason = f"{resource.label} must stay stopped on {other.name}"
        for stop in plan.all_of(resource, "stop"):
            if stop.node is other:
                flags = o.FIRST_IMPLIES_THEN | o.UNRUNNABLE_BLOCKS
                plan.order(stop, step, flags, "monitor")
        for probe in plan.all_of(resource, "monitor"):
            if probe.node is other:
                plan.order(probe, step, o.ORDERED, "monitor")

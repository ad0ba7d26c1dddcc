"""Everything that is needed to execute one step: parameters, options, what an agent is told."""

from __future__ import annotations

from hanode.cib.digest import digest, digested
from hanode.cib.reading import is_true
from hanode.cib.score import read
from hanode.pe.actions.plan import Plan
from hanode.pe.graph.notices import notice_variables
from hanode.pe.model.operation import milliseconds
from hanode.pe.model.resource import Resource
from hanode.pe.model.step import Step
from hanode.pe.unpack.container import HOST
from hanode.pe.unpack.operations import (
    find_operation,
    full_meta,
    most_frequent_monitor,
    timeout_ms,
)
from hanode.pe.unpack.parameters import parameters
from hanode.transition import Action, Agent, Kind


def detail(plan: Plan, step: Step) -> Action:
    """The action that a step becomes."""
    kind: Kind = "pseudo" if step.pseudo else step.kind  # type: ignore[assignment]
    node = step.node.name if step.node is not None else None
    resource = step.resource
    if kind == "fence":
        return _fence(plan, step)
    if kind in ("pseudo", "shutdown") or resource is None:
        return Action(
            step.serial,
            kind,
            step.key,
            operation=step.task,
            node=node,
            resource=resource.label if resource is not None else None,
            instance=resource.id if resource is not None else None,
            reason=step.reason,
        )
    return _operation(plan, step, kind, resource)


def _fence(plan: Plan, step: Step) -> Action:
    options = plan.placement.cluster.options
    assert step.node is not None
    return Action(
        step.serial,
        "pseudo" if step.pseudo else "fence",
        step.key,
        operation=step.task,
        node=step.node.name,
        timeout_ms=options.fencing_timeout_ms,
        reason=step.reason,
        resource=step.resource.label if step.resource is not None else None,
    )


def _operation(plan: Plan, step: Step, kind: Kind, resource: Resource) -> Action:
    cluster = plan.placement.cluster
    node = step.node
    assert node is not None
    task = step.role if kind == "cancel" else step.task
    configured = find_operation(resource, task, step.interval_ms)
    source = configured
    if source is None and task == "monitor" and not step.interval_ms:
        source = most_frequent_monitor(resource)
    meta = full_meta(cluster, resource, configured, task, step.interval_ms)
    timeout = timeout_ms(cluster, resource, configured, meta, task, step.interval_ms)
    own = parameters(cluster, resource, node)
    if own.get("addr") == HOST and resource.container is not None:
        own["addr"] = _host(plan, resource.container)
    if configured is not None and configured.config.parameters:
        from hanode.pe.unpack.nvpairs import joined
        from hanode.pe.unpack.rules import Context

        extra = joined(configured.config.parameters, Context(cluster.now, node.attributes))
        own.update(extra)
    told = _told(plan, step, resource, timeout) | _wishes(meta)
    return Action(
        step.serial,
        kind,
        step.key,
        operation=task,
        node=node.name,
        resource=resource.known_as.get(node.name, resource.name),
        instance=resource.id,
        interval_ms=step.interval_ms,
        timeout_ms=timeout,
        parameters=own,
        meta=told,
        agent=Agent(*resource.agent),
        target_rc=step.expected_rc,
        role=step.role if kind == "rsc" else "",
        reason=step.reason,
        digest=digest(digested(own, timeout if step.interval_ms else 0)),
        router=_router(plan, step),
        priority=read(resource.meta.get("priority")),
    )


def _wishes(meta: dict[str, str]) -> dict[str, str]:
    """What an operation's options ask of the LRM itself."""
    asked = {}
    if delay := milliseconds(meta.get("start-delay", "0"), 0):
        asked["start_delay"] = str(delay)
    if is_true(meta.get("record-pending", "false")):
        asked["record_pending"] = "true"
    return asked


def _told(plan: Plan, step: Step, resource: Resource, timeout: int) -> dict[str, str]:
    """What the agent reads as OCF_RESKEY_CRM_meta_*."""
    assert step.node is not None
    told = {
        "timeout": str(timeout),
        "on_node": step.node.name,
        "on_node_uuid": step.node.id,
    }
    if step.interval_ms:
        told["interval"] = str(step.interval_ms)
        told["name"] = step.role if step.kind == "cancel" else step.task
    if step.role and step.kind != "cancel":
        told["role"] = step.role
    clone = resource.clone()
    if clone is not None:
        told["clone"] = str(max(resource.number, 0))
        told["clone_max"] = str(clone.clone_max)
        told["clone_node_max"] = str(clone.clone_node_max)
        told["globally_unique"] = "true" if clone.unique else "false"
        told["notify"] = "true" if clone.notify else "false"
        if clone.promotable:
            told["promotable"] = "true"
            told["promoted_max"] = told["master_max"] = str(clone.promoted_max)
            told["promoted_node_max"] = str(clone.promoted_node_max)
            told["master_node_max"] = told["promoted_node_max"]
        if clone.notify:
            told.update(notice_variables(plan, clone))
    if step.task in ("migrate_to", "migrate_from") and step.source and step.target:
        told["migrate_source"] = step.source.name
        told["migrate_target"] = step.target.name
    return told


def _host(plan: Plan, container: Resource) -> str:
    """Where the container will be, or is until it is stopped."""
    chosen = plan.placement.node_of.get(container.id)
    if chosen is not None:
        return chosen.name
    return container.active[0].name if container.active else HOST


def _router(plan: Plan, step: Step) -> str | None:
    """Which cluster node relays to a remote or guest node: the one that holds the connection, as
    long as it can; what brings up comes after the connection's move, so the new one relays it."""
    node = step.node
    if node is None or not node.is_remote or node.connection is None:
        return None
    connection = node.connection
    chosen = plan.placement.node_of.get(connection.id)
    able = [host for host in connection.active if host.online and not host.unclean]
    if able and (chosen is None or chosen in able or step.task in ("stop", "demote")):
        return able[0].name
    if chosen is not None:
        return chosen.name
    return connection.active[0].name if connection.active else None

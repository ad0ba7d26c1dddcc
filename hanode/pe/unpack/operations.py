"""Questions about configured operations: which one is meant, and what holds for it."""

from __future__ import annotations

from hanode.pe.model.cluster import Cluster
from hanode.pe.model.operation import ConfiguredOperation, milliseconds
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.nvpairs import add_to
from hanode.pe.unpack.primitive import operation_meta
from hanode.pe.unpack.rules import Context


def find_operation(
    resource: Resource, task: str, interval_ms: int, disabled: bool = False
) -> ConfiguredOperation | None:
    """The configured operation of this name and interval."""
    for operation in resource.operations:
        if (
            operation.name == task
            and operation.interval_ms == interval_ms
            and (operation.enabled or disabled)
        ):
            return operation
    return None


def most_frequent_monitor(resource: Resource) -> ConfiguredOperation | None:
    """The recurring monitor with the shortest interval."""
    monitors = [
        operation
        for operation in resource.operations
        if operation.name == "monitor" and operation.interval_ms > 0 and operation.enabled
    ]
    return min(monitors, key=lambda operation: operation.interval_ms, default=None)


def full_meta(
    cluster: Cluster,
    resource: Resource,
    operation: ConfiguredOperation | None,
    task: str,
    interval_ms: int,
) -> dict[str, str]:
    """All options of an operation, defaults included."""
    found = operation_meta(cluster, resource, operation.config) if operation is not None else {}
    defaults = cluster.cib.configuration.operation_defaults
    if defaults:
        context = Context(cluster.now, agent=resource.agent, operation=(task, interval_ms))
        add_to(found, defaults, context)
    return found


def on_fail_word(
    cluster: Cluster,
    resource: Resource,
    operation: ConfiguredOperation | None,
    task: str,
    interval_ms: int,
) -> str:
    """`on-fail` as configured, else empty; demote takes a promoted monitor's."""
    found = full_meta(cluster, resource, operation, task, interval_ms).get("on-fail", "")
    if not found and task == "demote" and operation is None:
        for other in resource.operations:
            if (
                other.name == "monitor"
                and other.enabled
                and other.interval_ms
                and other.role in ("Promoted", "Master")
            ):
                word = full_meta(cluster, resource, other, other.name, other.interval_ms)
                found = word.get("on-fail", "")
                return "" if found == "demote" else found
    return found


def timeout_ms(
    cluster: Cluster,
    resource: Resource,
    operation: ConfiguredOperation | None,
    meta: dict[str, str],
    task: str,
    interval_ms: int,
) -> int:
    """How long it may take; a probe may take as long as the most frequent monitor."""
    text = meta.get("timeout") if operation is not None else None
    if text is None and task == "monitor" and interval_ms == 0:
        frequent = most_frequent_monitor(resource)
        if frequent is not None:
            found = full_meta(cluster, resource, frequent, "monitor", frequent.interval_ms)
            text = found.get("timeout")
    if text is None:
        text = meta.get("timeout")
    return milliseconds(text, cluster.options.default_timeout_ms)

"""Whether a resource still runs with the parameters that are configured.

A result carries a digest of the parameters that it was called with. If the configured ones give
another digest, the resource is restarted; or reloaded, if those that the agent can't take up by a
reload are the same. A CIB names those that need a restart (`op-force-restart`), our own results
those that don't.
"""

from __future__ import annotations

from hanode.cib.digest import digest, digested, without
from hanode.cib.status import Operation
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.container import HOST
from hanode.pe.unpack.expiry import forgive_failures
from hanode.pe.unpack.nvpairs import joined
from hanode.pe.unpack.operations import find_operation, full_meta, timeout_ms
from hanode.pe.unpack.parameters import parameters
from hanode.pe.unpack.rules import Context


def compare(
    cluster: Cluster, resource: Resource, node: Node, operation: Operation, lenient: bool = True
) -> str:
    """`same`, `restart`, `reload`, or `rewatch` (a recurring operation alone is affected).

    A result without a digest says nothing for the present parameters, so it is taken for
    outdated; only our own results may lack one. Lenient: where secrets are hidden, what
    isn't secret decides.
    """
    if not operation.digest and not operation.feature_set and not operation.transition_key:
        return "same"
    if not operation.digest:
        return "rewatch" if operation.interval_ms else "restart"
    values = called_with(cluster, resource, node, operation)
    if values.get("addr") == HOST:
        values["addr"] = _host_then(cluster, values, operation)
    if digest(values) == operation.digest or (lenient and _hidden(values, operation)):
        return "same"
    if operation.interval_ms:
        return "rewatch"
    if operation.restart_digest and not _has_own_parameters(resource, operation):
        return (
            "reload" if digest(_fixed(values, operation)) == operation.restart_digest else "restart"
        )
    return "restart"


def _fixed(values: dict[str, str], operation: Operation) -> dict[str, str]:
    """Those that only a restart can change; an agent that named none meant them all."""
    if operation.reloadable:
        return without(values, operation.reloadable)
    names = operation.force_restart.split() or list(values)
    return {name: values[name] for name in names if name in values}


def _host_then(cluster: Cluster, values: dict[str, str], operation: Operation) -> str:
    """The node that the container ran on when the connection to it was made."""
    hosts = (name for name, node in cluster.nodes.items() if not node.is_guest)
    fitting = (name for name in hosts if digest({**values, "addr": name}) == operation.digest)
    return next(fitting, HOST)


def _has_own_parameters(resource: Resource, operation: Operation) -> bool:
    """Those of the operation itself are no matter for the agent's reload."""
    configured = find_operation(resource, operation.task, operation.interval_ms)
    return configured is not None and bool(configured.config.parameters)


def _hidden(values: dict[str, str], operation: Operation) -> bool:
    """A saved file may hide secrets behind asterisks, so what is left must do."""
    if not operation.secure_digest or all(value.strip("*") for value in values.values()):
        return False
    secret = operation.secure_params.split()
    open_ = {
        name: value
        for name, value in values.items()
        if name not in secret and not name.startswith(("pcmk_", "CRM_meta_"))
    }
    return digest(open_) == operation.secure_digest


def called_with(
    cluster: Cluster, resource: Resource, node: Node, operation: Operation
) -> dict[str, str]:
    """The parameters that this operation would be called with now."""
    values = parameters(cluster, resource, node)
    configured = find_operation(resource, operation.task, operation.interval_ms)
    if configured is not None and configured.config.parameters:
        extra = joined(configured.config.parameters, Context(cluster.now, node.attributes))
        values = {**values, **extra}
    if not operation.interval_ms:
        return digested(values)
    task, interval = operation.task, operation.interval_ms
    meta = full_meta(cluster, resource, configured, task, interval)
    limit = timeout_ms(cluster, resource, configured, meta, task, interval)
    return digested(values, limit)


def check_parameters(
    cluster: Cluster, resource: Resource, node: Node, operations: tuple[Operation, ...]
) -> None:
    """Note on an active resource what its results say about its parameters."""
    since: list[Operation] = []
    for operation in operations:
        if operation.task == "stop" and operation.rc == 0 and operation.status == 0:
            since = []
        elif operation.task in ("start", "migrate_from"):
            since = [operation]
        elif operation.task in ("monitor", "promote"):
            since.append(operation)
    for operation in since:
        if operation.status != 0:
            continue
        verdict = compare(cluster, resource, node, operation)
        if verdict != "same":
            forgive_failures(cluster, resource, node)
        match verdict:
            case "restart":
                resource.needs_restart = True
            case "reload":
                resource.needs_reload = True
            case "rewatch" if resource.managed:
                resource.rewatch.append((node.name, operation.task, operation.interval_ms))

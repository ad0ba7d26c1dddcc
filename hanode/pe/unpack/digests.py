"""Whether a resource still runs with the parameters that are configured.

A result carries a digest of the parameters that it was called with: the MD5 of their XML,
as an element `parameters` with sorted attributes. If the configured ones give another
digest, the resource is restarted; or reloaded, if the agent said which parameters need a
restart (`op-force-restart`) and those are the same.
"""

from __future__ import annotations

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

_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
    }
)


# What the cluster itself adds to an operation's attributes.
_NOT_FOR_AGENTS = (
    "crm_feature_set",
    "op-digest",
    "on_node",
    "id",
)


def digest(values: dict[str, str]) -> str:
    """The digest of parameters."""
    from hashlib import md5  # only where history has digests

    words = "".join(f' {name}="{values[name].translate(_ESCAPES)}"' for name in sorted(values))
    text = f" <parameters{words}/>\n"
    return md5(text.encode(), usedforsecurity=False).hexdigest()


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
        # An agent that named no parameter meant them all.
        names = operation.force_restart.split() or list(values)
        kept = {name: values[name] for name in names if name in values}
        return "reload" if digest(kept) == operation.restart_digest else "restart"
    return "restart"


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


def digested(values: dict[str, str], watched_ms: int = 0) -> dict[str, str]:
    """What of an operation's parameters its digest is made of; of a recurring one, its timeout,
    too."""
    kept = {
        name: value
        for name, value in values.items()
        if not name.startswith("CRM_meta_") and name not in _NOT_FOR_AGENTS
    }
    return {**kept, "CRM_meta_timeout": str(watched_ms)} if watched_ms else kept


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

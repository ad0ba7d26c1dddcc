"""A resource's options understood: own words first, then the parent's, then defaults."""

from __future__ import annotations

from hanode.cib.configuration import NvSet
from hanode.cib.reading import is_true
from hanode.cib.score import INFINITY, read
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.operation import milliseconds
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role, read_role
from hanode.pe.unpack.nvpairs import add_to
from hanode.pe.unpack.rules import Context

# Options that belong to a collective alone, which its members must not inherit.
_OLD_NAMES = {
    "target_role": "target-role",
    "is_managed": "is-managed",
    "resource_stickiness": "resource-stickiness",
    "multiple_active": "multiple-active",
    "migration_threshold": "migration-threshold",
    "failure_timeout": "failure-timeout",
    "resource_failure_stickiness": "resource-failure-stickiness",
    "clone_max": "clone-max",
    "clone_node_max": "clone-node-max",
    "globally_unique": "globally-unique",
    "master_max": "promoted-max",
    "master_node_max": "promoted-node-max",
    "master-max": "promoted-max",
    "master-node-max": "promoted-node-max",
    "resource-discovery-enabled": "resource-discovery-enabled",
}


def unpack_meta(cluster: Cluster, resource: Resource, sets: tuple[NvSet, ...]) -> None:
    """Fill `resource.meta` and every field that follows from it."""
    agent = resource.agent if resource.primitive else None
    context = Context(cluster.now, agent=agent)
    found: dict[str, str] = {}
    add_to(found, sets, context)
    if resource.parent is not None:
        for name, value in resource.parent.meta.items():
            found.setdefault(name, value)
    add_to(found, cluster.cib.configuration.resource_defaults, context)
    for old, new in _OLD_NAMES.items():
        if old in found and new not in found:
            found[new] = found[old]
    resource.meta = found
    _basics(cluster, resource)
    _needs(cluster, resource)
    _failing(resource)


def truth(meta: dict[str, str], name: str, default: bool) -> bool:
    value = meta.get(name)
    return default if value is None else is_true(value)


def _basics(cluster: Cluster, resource: Resource) -> None:
    meta, options = resource.meta, cluster.options
    resource.priority = read(meta.get("priority"))
    resource.critical = truth(meta, "critical", True)
    resource.notify = truth(meta, "notify", False)
    resource.allow_migrate = truth(meta, "allow-migrate", resource.is_connection)
    managed = meta.get("is-managed", "")
    resource.managed = is_true(managed) if managed else options.default_managed
    if options.maintenance or truth(meta, "maintenance", False):
        resource.maintenance = True
        resource.managed = False
    active = meta.get("multiple-active", "stop_start")
    known = ("stop_only", "block", "stop_unexpected")
    resource.multiple_active = active if active in known else "stop_start"
    resource.stickiness = _stickiness(resource, options.default_stickiness)


def _stickiness(resource: Resource, default: int) -> int:
    text = resource.meta.get("resource-stickiness")
    if text is None or text == "default":
        return default
    return read(text)


def _needs(cluster: Cluster, resource: Resource) -> None:
    """What a start needs: nothing, quorum, fencing or unfencing."""
    options = cluster.options
    wanted = resource.meta.get("requires", "").lower()
    if resource.is_fence_device or resource.is_connection:
        default = "quorum"
    elif cluster.unfencing and options.fencing_enabled:
        default = "unfencing"
    elif options.fencing_enabled:
        default = "fencing"
    elif options.no_quorum_policy == "ignore":
        default = "nothing"
    else:
        default = "quorum"
    if wanted not in ("nothing", "quorum", "fencing", "unfencing"):
        wanted = default
    if wanted == "unfencing" and resource.is_fence_device:
        wanted = "quorum"
    if wanted in ("fencing", "unfencing") and not options.fencing_enabled:
        wanted = "quorum"
    resource.needs = wanted


def _failing(resource: Resource) -> None:
    meta = resource.meta
    threshold = meta.get("migration-threshold")
    resource.migration_threshold = INFINITY if threshold is None else read(threshold, INFINITY)
    if resource.migration_threshold < 0:
        resource.migration_threshold = INFINITY
    resource.failure_timeout_ms = milliseconds(meta.get("failure-timeout"), 0)


def limit_role(cluster: Cluster, resource: Resource) -> None:
    """`target-role`: the highest role that the operator allows; UNKNOWN when there's no limit."""
    text = resource.meta.get("target-role", "")
    if not text or text.lower() in ("started", "default", "#default"):
        return
    role = read_role(text)
    if role == Role.UNKNOWN:
        cluster.warn(f'target-role="{text}" of "{resource.id}" is no role')
        return
    if role > Role.STARTED:
        outer = resource.clone()
        if outer is None or not outer.promotable:
            cluster.warn(f'"{resource.id}" is not promotable; target-role="{text}" is ignored')
            return
        if role == Role.PROMOTED:
            return
    resource.next_target = role

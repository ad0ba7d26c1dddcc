"""Fill the overview from a CIB: the picture of what is, before anything is decided."""

from __future__ import annotations

from hanode.cib.document import Cib
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.health import health_word
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.overview import (
    BanView,
    FailCountView,
    FailureView,
    NodeView,
    Overview,
    Place,
    ResourceKind,
    ResourceView,
)
from hanode.pe.overview import Role as Word
from hanode.pe.unpack import unpack
from hanode.pe.unpack.constraints import unpack_constraints
from hanode.pe.unpack.expiry import fail_count

_WORDS: dict[Role, Word] = {
    Role.UNKNOWN: "Stopped",
    Role.STOPPED: "Stopped",
    Role.STARTED: "Started",
    Role.UNPROMOTED: "Unpromoted",
    Role.PROMOTED: "Promoted",
}


def overview(cib: Cib, now: float) -> Overview:
    """What is active where."""
    return picture(unpack(cib, now))


def instance_state(cib: Cib, now: float) -> dict[str, ResourceView]:
    """The overview's resources, flat, by id."""
    found: dict[str, ResourceView] = {}
    todo = list(overview(cib, now).resources)
    while todo:
        view = todo.pop(0)
        found[view.id] = view
        todo.extend(view.children)
    return found


def picture(cluster: Cluster) -> Overview:
    """The overview of an unpacked CIB."""
    options = cluster.options
    return Overview(
        nodes=tuple(_node(cluster, node) for node in cluster.nodes.values()),
        resources=tuple(_resource(top) for top in cluster.resources if _worth_showing(top)),
        failures=tuple(_failures(cluster)),
        fail_counts=tuple(_fail_counts(cluster)),
        bans=tuple(_bans(cluster)),
        tickets=tuple((t.id, t.granted, t.standby) for t in cluster.tickets.values()),
        have_quorum=options.have_quorum,
        dc=cluster.cib.status.dc,
        maintenance_mode=options.maintenance,
        fencing_enabled=options.fencing_enabled,
        no_quorum_policy=options.no_quorum_policy,
        symmetric=options.symmetric,
        warnings=tuple(cluster.warnings),
    )


def _worth_showing(top: Resource) -> bool:
    return not top.orphan or top.is_active() or top.failed


def node_state(cluster: Cluster, node: Node) -> str:
    """The word or two that people read."""
    if node.unclean:
        where = "online" if node.online else "pending" if node.pending else "offline"
        if node.pending:
            where = "pending"
        return f"unclean ({where})"
    if node.pending:
        return "pending"
    if node.standby_on_fail and node.online:
        return "standby (on-fail)"
    if node.standby:
        if not node.online:
            return "offline (standby)"
        return "standby (with active resources)" if node.running else "standby"
    if node.maintenance:
        return "maintenance" if node.online else "offline (maintenance)"
    if not node.online:
        return "offline"
    if cluster.options.health_strategy != "none":
        word = health_word(cluster, node)
        if word != "green":
            return f"online (health is {word})"
    return "online"


def _node(cluster: Cluster, node: Node) -> NodeView:
    word = health_word(cluster, node)
    return NodeView(
        node.name,
        node.id,
        node.type,
        node_state(cluster, node),
        node.online,
        node.standby,
        node.standby_on_fail,
        node.maintenance,
        node.pending,
        node.unclean,
        node.why_unclean,
        node.shutdown,
        node.expected_up,
        node.unseen,
        "red" if word == "red" else "yellow" if word == "yellow" else "green",
        node.is_dc or node.name == cluster.cib.status.dc,
        dict(node.attributes),
        tuple(resource.id for resource in node.running),
        _container(node),
    )


def _container(node: Node) -> str:
    made = node.connection.container if node.connection is not None else None
    return made.id if made is not None else ""


def _resource(resource: Resource) -> ResourceView:
    kind: ResourceKind = resource.kind
    children = tuple(_resource(child) for child in resource.children)
    places = tuple(
        Place(node.name, _role(resource.roles_on.get(node.name, resource.role)))
        for node in (resource.active if resource.primitive else ())
    )
    leaves = list(resource.primitives())
    return ResourceView(
        resource.id,
        resource.label,
        kind,
        ":".join(part for part in resource.agent if part),
        _role(resource.current_role()),
        resource.meta.get("target-role", ""),
        places,
        any(leaf.active for leaf in leaves),
        any(leaf.failed for leaf in leaves),
        any(leaf.blocked for leaf in leaves),
        all(leaf.managed for leaf in leaves),
        resource.maintenance,
        resource.orphan,
        any(leaf.failure_ignored for leaf in leaves),
        resource.pending,
        resource.locked_to.name if resource.locked_to is not None else "",
        resource.unique,
        resource.promotable,
        children,
        resource.meta.get("description", ""),
        resource.migration_threshold,
    )


def _role(role: Role) -> Word:
    return _WORDS[role]


def _failures(cluster: Cluster) -> list[FailureView]:
    """Each once, though the history has it as the latest result and as the latest failure."""
    found = (
        FailureView(
            failure.resource.label,
            failure.node.name,
            failure.operation.task,
            failure.operation.interval_ms,
            failure.operation.rc,
            failure.operation.status,
            failure.operation.exit_reason,
            failure.operation.call_id,
            failure.operation.last_rc_change,
            failure.operation.queue_ms,
            failure.operation.exec_ms,
        )
        for failure in cluster.failures
    )
    return list(dict.fromkeys(found))


def _fail_counts(cluster: Cluster) -> list[FailCountView]:
    found: dict[tuple[str, str], FailCountView] = {}
    for node in cluster.nodes.values():
        if not any(name.startswith("fail-count-") for name in node.attributes):
            continue
        for leaf in cluster.primitives():
            count, last = fail_count(cluster, leaf, node)
            if count:
                view = FailCountView(leaf.label, node.name, count, leaf.migration_threshold, last)
                found.setdefault((leaf.label, node.name), view)
    return list(found.values())


def _bans(cluster: Cluster) -> list[BanView]:
    found = []
    for place in unpack_constraints(cluster).places:
        for node, score in place.scores.items():
            if score < 0:
                promoted = place.role == Role.PROMOTED
                found.append(BanView(place.id, place.resource.label, node, score, promoted))
    return found

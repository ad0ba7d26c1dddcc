"""The end of a history: where the resource is active, and how we have to react."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.unpack.onfail import Reaction

if TYPE_CHECKING:
    from hanode.pe.unpack.history import Reading


def conclude(cluster: Cluster, reading: Reading) -> None:
    """Note on the resource what its history on this node came to."""
    resource, node, role = reading.resource, reading.node, reading.role
    if role != Role.UNKNOWN:
        resource.known[node.name] = node
    if role > Role.STOPPED or reading.left_over:
        _fence_if_out_of_reach(cluster, resource, node)
    if _ends_by_fencing(cluster, reading.node):
        reading.failed = False
        if reading.reaction is not Reaction.STOP:
            reading.reaction = Reaction.IGNORE
    if role > Role.STOPPED:
        if reading.failed and reading.reaction is not Reaction.IGNORE:
            resource.failed = True
            resource.failed_on.append(node.name)
    elif reading.left_over:
        resource.dangling.append(node)
    if reading.astray:
        resource.failed = resource.astray = True
    if reading.ignored:
        resource.failure_ignored = True
    _react(cluster, reading)
    if role > Role.STOPPED:
        _add_active(cluster, resource, node)
        resource.roles_on[node.name] = role
    if role > resource.role:
        resource.role = role


def _ends_by_fencing(cluster: Cluster, node: Node) -> bool:
    """The node is to be fenced anyway: what failed there is over then."""
    return node.unclean and not node.is_remote and cluster.have_fence_device


def _fence_if_out_of_reach(cluster: Cluster, resource: Resource, node: Node) -> None:
    """Something runs where we can't stop it."""
    if node.online or node.maintenance or not resource.managed:
        return
    if node.is_guest:
        node.remote_requires_reset = True
        resource.failed = True
        container = node.connection.container if node.connection is not None else None
        if container is not None and container.role > Role.STOPPED:
            container.failed = True
        return
    why = f"{resource.label} is thought to be active there"
    if not cluster.options.fencing_enabled:
        return
    if (
        node.type == "remote"
        and node.connection is not None
        and not node.connection.failed
        and node.unseen
        and not node.connection.active
    ):
        cluster.demand_fencing(node, why)
        return
    if not node.unclean:
        cluster.demand_fencing(node, why)


def _react(cluster: Cluster, reading: Reading) -> None:
    resource, node = reading.resource, reading.node
    match reading.reaction:
        case Reaction.FENCE:
            cluster.demand_fencing(node, f"{resource.label} failed there")
        case Reaction.STANDBY:
            node.standby = True
            node.standby_on_fail = True
        case Reaction.BLOCK:
            resource.blocked = True
            resource.managed = False
        case Reaction.BAN:
            cluster.failed_bans.append((resource, node, f"{resource.label} failed there"))
        case Reaction.STOP:
            for leaf in _alike(resource):
                leaf.next_target = Role.STOPPED
        case Reaction.CONTAINER:
            _fail_container(resource, reading.role)
        case Reaction.RESET_REMOTE:
            _reset_remote(cluster, resource)
        case Reaction.RESTART | Reaction.DEMOTE:
            if reading.role > Role.STOPPED:
                resource.failed = True
                if reading.reaction is Reaction.DEMOTE and reading.role == Role.PROMOTED:
                    resource.demote_only = True


def _alike(resource: Resource) -> list[Resource]:
    """What one instance of an anonymous clone is told, all are told."""
    clone = resource.clone()
    return [resource] if clone is None or clone.unique else list(clone.primitives())


def _fail_container(resource: Resource, role: Role) -> None:
    resource.failed = role > Role.STOPPED
    container = resource.container
    if container is None:
        return
    if resource.is_connection:
        container.failed = True
    else:
        container.needs_restart = True


def _reset_remote(cluster: Cluster, resource: Resource) -> None:
    """A remote connection that was lost: its node may run anything."""
    resource.failed = True
    if resource.reconnects_later:
        resource.next_target = Role.STOPPED
    node = resource.remote_node
    if not cluster.options.fencing_enabled or node is None:
        return
    cluster.demand_fencing(node, "remote connection is unrecoverable")


def _add_active(cluster: Cluster, resource: Resource, node: Node) -> None:
    if node in resource.active:
        return
    resource.active.append(node)
    node.running.append(resource)
    if node.maintenance:
        resource.managed = False
        resource.maintenance = True
    if not resource.managed and len(resource.active) == 1:
        return
    if len(resource.active) > 1 and not resource.managed:
        return
    if len(resource.active) > 1:
        _multiply_active(cluster, resource)


def _multiply_active(cluster: Cluster, resource: Resource) -> None:
    names = ", ".join(node.name for node in resource.active)
    cluster.warn(f"{resource.label} is active on several nodes ({names})")
    match resource.multiple_active:
        case "block":
            resource.managed = False
            resource.blocked = True
            parent = resource.parent
            if parent is not None and parent.kind == "group":
                for member in parent.children:
                    member.managed = False
                    member.blocked = True
        case "stop_unexpected":
            resource.stop_unexpected = True

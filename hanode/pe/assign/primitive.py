"""Where one primitive goes."""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.choice import choose, why_nowhere
from hanode.pe.assign.colocations import primary_of, this_with, with_this
from hanode.pe.assign.obey import obey
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.wishes import merge_dependents
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def assign_primitive(
    placement: Placement, resource: Resource, prefer: Node | None = None
) -> Node | None:
    """Decide it, after those that it depends on."""
    if resource.id in placement.node_of:
        return placement.node_of[resource.id]
    if resource.id in placement.assigning:
        return None  # a loop of dependencies: who asked first goes first
    placement.assigning.add(resource.id)
    try:
        _ask_others(placement, resource)
        return _decide(placement, resource, prefer)
    finally:
        placement.assigning.discard(resource.id)


def _ask_others(placement: Placement, resource: Resource) -> None:
    """Mandatory colocations first, then the mere wishes."""
    mine, theirs = this_with(placement, resource), with_this(placement, resource)
    for mandatory in (True, False):
        for colocation in mine:
            if (abs(colocation.score) >= INFINITY) == mandatory:
                _decide_first(placement, colocation.primary)
                obey(placement, resource, colocation)
        for colocation in theirs:
            if (abs(colocation.score) >= INFINITY) == mandatory:
                merge_dependents(placement, resource, colocation)


def _decide_first(placement: Placement, primary: Resource) -> None:
    from hanode.pe.assign import assign  # every kind may be the primary of every other

    found = primary_of(primary)
    if not placement.is_decided(found):
        assign(placement, found)


def _why_stopped(resource: Resource) -> str:
    node = resource.remote_node
    if node is not None and node.shutdown and node.attributes.get("shutdown"):
        return f"{node.name} asks to leave"
    return "target-role is Stopped"


def _decide(placement: Placement, resource: Resource, prefer: Node | None) -> Node | None:
    cluster = placement.cluster
    options = cluster.options
    role = placement.next_role.get(resource.id, resource.next_target)
    if role == Role.STOPPED:
        placement.next_role[resource.id] = Role.STOPPED
        placement.why_nowhere.setdefault(resource.id, _why_stopped(resource))
    if (
        options.no_quorum_policy == "freeze"
        and not options.have_quorum
        and role > resource.role > Role.UNKNOWN
    ):
        placement.next_role[resource.id] = resource.role
    if options.fencing_enabled and not cluster.have_fence_device:
        resource.managed = False
    if not resource.managed:
        return _unmanaged(placement, resource)
    if resource.multiple_active == "stop_only" and len(resource.active) > 1:
        return finish(placement, resource, None, "it is active on several nodes")
    if options.stop_all:
        return finish(placement, resource, None, "stop-all-resources is set")
    if placement.next_role.get(resource.id) == Role.STOPPED:
        return finish(placement, resource, None, placement.why_nowhere.get(resource.id, ""))
    node = None
    if options.placement != "default":
        from hanode.pe.assign.utilization import narrow

        prefer = narrow(placement, resource, prefer)
    node = choose(placement, resource, prefer)
    if node is None:
        return finish(placement, resource, None, why_nowhere(placement, resource))
    return finish(placement, resource, node, "")


def _unmanaged(placement: Placement, resource: Resource) -> Node | None:
    """It stays as it is, whatever we think of that."""
    placement.next_role[resource.id] = resource.role
    node = resource.home
    placement.put(resource, node)
    if node is None:
        placement.next_role[resource.id] = Role.STOPPED
        placement.why_nowhere[resource.id] = "it is unmanaged"
    return node


def _reach(remote: Node, host: Node | None) -> None:
    """A remote node is there for others as soon as its connection has a place.

    This is the one thing about a node that assignment decides.
    """
    if host is None:
        remote.shutdown = True
        return
    if not remote.unclean or remote.unseen:
        remote.online = True
    if remote.unseen:
        remote.unclean = False


def finish(placement: Placement, resource: Resource, node: Node | None, why: str) -> Node | None:
    """Note the decision, with the role that follows from it."""
    placement.put(resource, node)
    if resource.remote_node is not None:
        _reach(resource.remote_node, node)
    if node is None:
        placement.next_role[resource.id] = Role.STOPPED
        if why:
            placement.why_nowhere.setdefault(resource.id, why)
    elif placement.next_role.get(resource.id, Role.UNKNOWN) in (Role.UNKNOWN, Role.STOPPED):
        limit = resource.next_target
        started = Role.STARTED if limit in (Role.UNKNOWN, Role.STOPPED) else limit
        placement.next_role[resource.id] = started
    return node

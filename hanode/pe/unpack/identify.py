"""Which resource a piece of history belongs to.

The history of an anonymous clone's instance bears no number: it belongs to the instance
that is already known to be on this node, else to the first one that is nowhere, else to
one too many; so does what runs twice on a node. History of what isn't configured makes an orphan.
"""

from __future__ import annotations

from hanode.cib.configuration import Primitive
from hanode.cib.status import ResourceHistory
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.clone import add_instance
from hanode.pe.unpack.primitive import unpack_primitive


def identify(cluster: Cluster, node: Node, history: ResourceHistory) -> Resource | None:
    """The resource, made as an orphan if need be."""
    found = cluster.by_id.get(history.id)
    if found is not None and found.primitive and (found.number < 0 or found.unique):
        return found
    base, _, number = history.id.rpartition(":")
    name = base if base and number.isdecimal() else history.id
    first = cluster.by_id.get(f"{name}:0")
    if first is not None and first.primitive and first.instance_of is not None:
        clone = first.instance_of
        if not clone.unique:
            return _instance(cluster, clone, name, node)
    if found is not None and found.primitive and not found.orphan:
        return found
    return _orphan(cluster, history, node)


def _instance(cluster: Cluster, clone: Resource, base: str, node: Node) -> Resource | None:
    spare: Resource | None = None
    twice = False
    for instance in clone.children:
        if instance.host is node:
            return instance
        places = _places(instance)
        if node.name in places:
            part = _part(instance, base)
            if part is not None and node in part.active:
                twice = True
                continue
            return part
        if spare is None and not places:
            spare = instance
    if spare is not None and not twice and not _is_given_up(cluster, clone, spare, node):
        return _part(spare, base)
    extra = add_instance(cluster, clone, len(clone.children))
    for part in extra.everything():
        part.orphan = True
    return _part(extra, base)


def _is_given_up(cluster: Cluster, clone: Resource, instance: Resource, node: Node) -> bool:
    """What needs no fencing doesn't wait for a lost node: its number is free for another node.

    Where there is an instance for each node anyway, none is missed.
    """
    if not node.unclean or clone.clone_max >= len(cluster.nodes):
        return False
    return all(leaf.needs in ("nothing", "quorum") for leaf in instance.primitives())


def _places(instance: Resource) -> dict[str, Node]:
    """Where an instance, or any member of it, is."""
    return {node.name: node for leaf in instance.primitives() for node in leaf.active}


def _part(instance: Resource, base: str) -> Resource | None:
    for leaf in instance.primitives():
        if leaf.base == base:
            return leaf
    return None


def _tie(cluster: Cluster, connection: Resource) -> None:
    """The connection may be gone from the configuration, and its node still be there."""
    node = cluster.nodes.get(connection.id)
    if node is None or node.connection is not None:
        return
    if connection.container is not None:
        node.type = "guest"
    elif node.type == "member":
        return
    node.connection = connection
    connection.remote_node = node
    cluster.remote_connections[node.name] = connection


def _orphan(cluster: Cluster, history: ResourceHistory, node: Node) -> Resource | None:
    """Something that runs or ran without being configured (any more)."""
    known = cluster.by_id.get(history.id)
    if known is not None:
        return known if known.primitive else None
    if not history.type:
        cluster.warn(f'history of "{history.id}" on {node.name} names no agent; it is ignored')
        return None
    config = Primitive(history.id, history.class_, history.provider, history.type)
    found = unpack_primitive(cluster, config, None)
    found.orphan = True
    if history.container:
        container = _container(cluster, history.container, node)
        if container is not None:
            found.container = container
            container.fillers.append(found)
    if found.is_connection:
        _tie(cluster, found)
    if not cluster.options.stop_orphans:
        found.managed = False
    cluster.resources.append(found)
    return found


def _container(cluster: Cluster, name: str, node: Node) -> Resource | None:
    """What launched it, which may be no longer configured either."""
    if name in cluster.by_id:
        return cluster.by_id[name]
    for state in cluster.cib.status.nodes:
        for history in state.history if state.uname == node.name else ():
            if history.id == name:
                return _orphan(cluster, history, node)
    return None

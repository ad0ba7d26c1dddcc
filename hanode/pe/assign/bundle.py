"""Where a bundle's replicas go.

The containers are given to nodes as a clone's instances are; each one's address and
connection go with it, and the service inside has no choice.
"""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.matching import apply_score, value_of
from hanode.pe.assign.placement import Placement
from hanode.pe.assign.primitive import assign_primitive
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def assign_bundle(
    placement: Placement, bundle: Resource, prefer: Node | None = None
) -> Node | None:
    """Decide containers, then what belongs to each, then the service."""
    from hanode.pe.assign.clone import Distribution, ask_others, assign_clone

    if bundle.id in placement.decided or bundle.id in placement.assigning:
        return None
    placement.assigning.add(bundle.id)
    try:
        ask_others(placement, bundle)
        Distribution(placement, bundle, containers(bundle)).run()
        for part in bundle.children:
            if part.primitive and part.id not in placement.node_of:
                _follow(placement, bundle, part)
        for part in bundle.children:
            if part.kind == "clone":
                for instance in part.children:
                    _only_there(placement, instance)
                assign_clone(placement, part)
        placement.decided.add(bundle.id)
    finally:
        placement.assigning.discard(bundle.id)
    return None


def containers(bundle: Resource) -> list[Resource]:
    return [part for part in bundle.children if part.primitive and is_container(part)]


def is_container(part: Resource) -> bool:
    return part.replica is not None and part.agent[2] in ("docker", "podman", "rkt")


def container_of(bundle: Resource, number: int) -> Resource | None:
    for part in bundle.children:
        if part.primitive and is_container(part) and part.replica == (bundle.id, number):
            return part
    return None


def _follow(placement: Placement, bundle: Resource, part: Resource) -> None:
    """An address or a connection goes where its container goes.

    A connection whose container has no place still names the node that it would be on.
    """
    assert part.replica is not None
    container = container_of(bundle, part.replica[1])
    host = placement.node_of.get(container.id) if container is not None else None
    if host is None and part.is_connection and not part.active:
        assign_primitive(placement, part)
        return
    if host is not None and host.is_remote and part.is_connection:
        outer = host.connection
        host = placement.node_of.get(outer.id) if outer is not None else None
    table = placement.tables.of(part)
    for name in list(table):
        if host is None or name != host.name:
            why = f"it goes where {container.label if container else 'its container'} goes"
            placement.tables.add(part, name, -INFINITY, bundle.id, why)
    if host is not None and host.name not in table:
        table[host.name] = 0
    assign_primitive(placement, part)


def _only_there(placement: Placement, instance: Resource) -> None:
    host = instance.host
    assert host is not None
    placement.tables.by_id[instance.id] = {host.name: INFINITY}
    clone = instance.instance_of
    if clone is not None:
        placement.tables.of(clone).setdefault(host.name, 0)


def obey_bundle(
    placement: Placement, dependent: Resource, bundle: Resource, colocation: Colocate
) -> None:
    """To be with a bundle is to be where one of its containers is."""
    hosts = []
    for container in containers(bundle):
        host = placement.node_of.get(container.id)
        if host is None or container.blocked:
            continue
        if colocation.primary_role == Role.PROMOTED and not _promoted(placement, bundle, container):
            continue
        hosts.append(host)
    if colocation.score < INFINITY:
        for host in hosts:
            apply_score(placement, dependent, host, colocation, bundle)
        return
    if dependent.replica is not None and dependent.parent is not None:
        pass
    values = {value_of(host, colocation.attribute) for host in hosts}
    why = f"must be with {bundle.label}, which is not active there"
    for name in placement.tables.of(dependent):
        if value_of(placement.cluster.nodes[name], colocation.attribute) not in values:
            placement.tables.add(dependent, name, -INFINITY, colocation.id, why)


def _promoted(placement: Placement, bundle: Resource, container: Resource) -> bool:
    for part in bundle.children:
        if part.kind == "clone":
            for instance in part.children:
                if instance.replica == container.replica:
                    return placement.role(instance) == Role.PROMOTED
    return False

"""Which resources a constraint means by a name: a resource, or all that a tag names."""

from __future__ import annotations

from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource


def target(cluster: Cluster, name: str) -> Resource | None:
    """The resource of this name; the name of a cloned one means its clone."""
    found = cluster.by_id.get(name)
    if found is not None:
        if found.orphan and found.parent is None:
            return None
        return found
    first = cluster.by_id.get(f"{name}:0")
    return first.top() if first is not None else None


def targets(cluster: Cluster, name: str) -> list[Resource]:
    """The resource of this name, or what the tag or template of this name stands for."""
    found = target(cluster, name)
    if found is not None:
        return [found]
    members = (target(cluster, member) for member in cluster.tagged.get(name, ()))
    return [member for member in members if member is not None]


def known(cluster: Cluster, name: str) -> bool:
    return name in cluster.tagged or target(cluster, name) is not None

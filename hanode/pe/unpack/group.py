"""A group: members in order, with the group's options as theirs by default."""

from __future__ import annotations

from hanode.cib.configuration import Group
from hanode.cib.reading import is_true
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.meta import limit_role, unpack_meta
from hanode.pe.unpack.primitive import unpack_primitive


def unpack_group(
    cluster: Cluster, config: Group, parent: Resource | None, number: int = -1
) -> Resource:
    """One group; as instance `number` of a clone if that isn't negative."""
    found = Resource(config.id if number < 0 else f"{config.id}:{number}", "group", parent)
    found.base = config.id
    found.number = number
    found.parameter_sets = config.parameters
    if parent is not None:
        found.parameter_sets = (*config.parameters, *parent.parameter_sets)
    unpack_meta(cluster, found, config.meta)
    limit_role(cluster, found)
    found.ordered = is_true(found.meta.get("ordered", "true"))
    cluster.by_id[found.id] = found
    for member in config.members:
        name = member.id if number < 0 else f"{member.id}:{number}"
        if name in cluster.by_id:
            cluster.warn(f'resource "{name}" is configured twice; the second is ignored')
            continue
        found.children.append(unpack_primitive(cluster, member, found, number))
    return found

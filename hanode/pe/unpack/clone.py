"""A clone: as many instances as it may have, each a copy of its primitive or group.

Instances of an anonymous clone are interchangeable: history knows them by the name
without a number, and which instance a piece of history belongs to is decided when it is
read. Instances of a unique clone are different things.
"""

from __future__ import annotations

from hanode.cib.configuration import Clone, Group
from hanode.cib.score import read
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.group import unpack_group
from hanode.pe.unpack.meta import limit_role, truth, unpack_meta
from hanode.pe.unpack.primitive import unpack_primitive

# A bound against slips of the keyboard: each instance costs time and memory.
INSTANCES_MAX = 1000


def unpack_clone(cluster: Cluster, config: Clone) -> Resource:
    """The clone with all its instances."""
    found = Resource(config.id, "clone", None)
    found.parameter_sets = config.parameters
    unpack_meta(cluster, found, config.meta)
    meta = found.meta
    if "resource-stickiness" not in meta:
        meta["resource-stickiness"] = "1"  # so that instances don't shuffle for nothing
    found.promotable = config.master or truth(meta, "promotable", False)
    cluster.prototypes[found.id] = config
    _read_counts(cluster, found)
    found.interleave = truth(meta, "interleave", False)
    found.ordered = truth(meta, "ordered", False)
    limit_role(cluster, found)
    cluster.by_id[found.id] = found
    for number in range(found.clone_max):
        add_instance(cluster, found, number)
    if found.clone_max == 0:
        spare = add_instance(cluster, found, 0)
        for part in spare.everything():
            part.orphan = True
    return found


def _read_counts(cluster: Cluster, clone: Resource) -> None:
    meta = clone.meta
    clone.clone_max = max(0, read(meta.get("clone-max"), len(cluster.nodes)))
    if clone.clone_max > INSTANCES_MAX:
        cluster.warn(f'"{clone.id}": clone-max is more than {INSTANCES_MAX}, which is used')
        clone.clone_max = INSTANCES_MAX
    clone.clone_node_max = max(0, read(meta.get("clone-node-max"), 1))
    clone.clone_min = max(0, read(meta.get("clone-min"), 0))
    clone.unique = truth(meta, "globally-unique", clone.clone_node_max > 1)
    if clone.unique and _has_init_script(cluster, clone):
        cluster.warn(f'"{clone.id}" holds an LSB script, so it can not be globally unique')
        clone.unique = False
    if clone.promotable:
        clone.promoted_max = read(meta.get("promoted-max"), 1)
        clone.promoted_node_max = read(meta.get("promoted-node-max"), 1)
    if not clone.unique:
        clone.clone_node_max = min(clone.clone_node_max, 1)


def _has_init_script(cluster: Cluster, clone: Resource) -> bool:
    """An LSB script knows nothing of instances."""
    config = cluster.prototypes[clone.id]
    assert isinstance(config, Clone)
    leaves = config.child.members if isinstance(config.child, Group) else (config.child,)
    return any(leaf.class_ == "lsb" for leaf in leaves)


def add_instance(cluster: Cluster, clone: Resource, number: int) -> Resource:
    """One more instance."""
    config = cluster.prototypes[clone.id]
    assert isinstance(config, Clone)
    if isinstance(config.child, Group):
        instance = unpack_group(cluster, config.child, clone, number)
    else:
        instance = unpack_primitive(cluster, config.child, clone, number)
    for part in instance.everything():
        part.instance_of = clone
        part.unique = clone.unique
        part.notify = clone.notify
        part.promotable = clone.promotable
        if not clone.unique:
            part.name = part.base
            part.label = part.base
    clone.children.append(instance)
    return instance

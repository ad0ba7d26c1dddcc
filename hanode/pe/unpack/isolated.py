"""What runs on a node that is cut off is heard by nobody.

A node that was isolated comes back with what it ran, and is let in only after that has stopped.
Until then what runs there disturbs nobody, so what was started elsewhere meanwhile goes on there.
"""

from __future__ import annotations

from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def disregard_isolated(cluster: Cluster) -> None:
    """Of a resource that is active on several nodes, the instances that are cut off alone end."""
    if not cluster.isolation or not cluster.options.fencing_enabled:
        return
    out = [n for n in cluster.nodes.values() if n.online and not n.is_remote and not is_let_in(n)]
    for leaf in cluster.primitives():
        heard = [node for node in leaf.active if node not in out]
        if heard and leaf.multiple_active != "block" and not _of_many(leaf):
            _keep_off(cluster, leaf, out)
    for clone in cluster.everything():
        if clone.kind == "clone" and clone.promotable:
            _keep_unpromoted(cluster, clone, out)


def is_let_in(node: Node) -> bool:
    """Whether this boot of the node was unfenced."""
    return node.attributes.get("#node-unfenced", "0") not in ("", "0")


def _of_many(leaf: Resource) -> bool:
    """An anonymous clone's instance, of which every node may have one."""
    return leaf.instance_of is not None and not leaf.unique


def _keep_unpromoted(cluster: Cluster, clone: Resource, out: list[Node]) -> None:
    """As many are promoted where they are heard as may be: those that are cut off are demoted."""
    promoted = {
        name
        for leaf in clone.primitives()
        for name, role in leaf.roles_on.items()
        if role == Role.PROMOTED
    }
    cut_off = {node.name for node in out}
    if len(promoted - cut_off) >= clone.promoted_max:
        for name in sorted(promoted & cut_off):
            why = f"{name} is not let in yet, and {clone.label} is promoted elsewhere"
            cluster.not_promoted[clone.id, name] = why


def _keep_off(cluster: Cluster, leaf: Resource, out: list[Node]) -> None:
    if len(leaf.active) > 1:
        leaf.multiple_active, leaf.stop_unexpected = "stop_unexpected", True
    for node in out:
        why = f"{node.name} is not let in yet, and {leaf.label} is active elsewhere"
        cluster.failed_bans.append((leaf, node, why))

"""The configured nodes, with their attributes; nothing of their state yet."""

from __future__ import annotations

from hanode.cib.configuration import Configuration
from hanode.cib.score import read
from hanode.cib.status import Status
from hanode.pe.model.node import Node, NodeType
from hanode.pe.unpack.nvpairs import joined
from hanode.pe.unpack.options import Options
from hanode.pe.unpack.rules import Context


def unpack_nodes(
    configuration: Configuration, status: Status, options: Options, now: float
) -> dict[str, Node]:
    """Every node by name, in document order."""
    nodes: dict[str, Node] = {}
    for config in configuration.nodes:
        if config.type == "ping" or config.uname in nodes:
            continue
        kind: NodeType = "remote" if config.type == "remote" else "member"
        node = Node(config.uname, config.id, kind)
        node.is_dc = config.uname == status.dc or config.id == status.dc
        _add_specials(node, options)
        node.attributes.update(joined(config.attributes, Context(now, node.attributes)))
        found = joined(config.utilization, Context(now, node.attributes))
        node.utilization = {name: read(value) for name, value in found.items()}
        nodes[node.name] = node
    return nodes


def implicit_node(name: str, kind: NodeType, options: Options) -> Node:
    """A remote or guest node that is configured by its connection alone."""
    node = Node(name, name, kind)
    _add_specials(node, options)
    return node


def _add_specials(node: Node, options: Options) -> None:
    """What rules may ask beside configured attributes."""
    node.attributes["#uname"] = node.name
    node.attributes["#id"] = node.id
    node.attributes["#is_dc"] = "true" if node.is_dc else "false"
    kind = {"member": "cluster", "remote": "remote", "guest": "container"}[node.type]
    node.attributes["#kind"] = kind
    cluster = options.values.get("cluster-name")
    if cluster:
        node.attributes["#cluster-name"] = cluster
    node.attributes.setdefault("#site-name", cluster or "")

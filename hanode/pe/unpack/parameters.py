"""An agent's parameters for one node: its own, then those of what it is part of."""

from __future__ import annotations

from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.nvpairs import joined
from hanode.pe.unpack.rules import Context


def parameters(cluster: Cluster, resource: Resource, node: Node | None) -> dict[str, str]:
    """Parameters with rules decided for this node (None: rules about nodes don't hold)."""
    context = Context(cluster.now, node.attributes if node is not None else None)
    return joined(resource.parameter_sets, context)

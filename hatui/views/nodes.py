"""Nodes as a tree: how each is, and what runs there."""

from __future__ import annotations

from hatui.cluster.node_tree import node_tree
from hatui.cluster.view import View, heading

VIEW = View(
    "nodes", "2", "Nodes",
    lambda scene: node_tree(scene.moment),
    "no node is known yet",
    "Each node with what it runs.",
    lambda scene: heading("node", "state", "", "what it runs"),
)  # fmt: skip

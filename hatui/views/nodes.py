"""Nodes as a tree: how each is, and what runs there."""

from __future__ import annotations

from hatui.cluster.blast_words import with_losses
from hatui.cluster.node_tree import node_tree
from hatui.cluster.view import View, heading

VIEW = View(
    "nodes", "2", "Nodes",
    lambda scene: with_losses(node_tree(scene.moment), scene.blast),
    "no node is known yet",
    "Each node with what it runs, and what its loss would do; b tells that in full.",
    lambda scene: heading("node", "state", "", "what it runs"),
)  # fmt: skip

"""What a node's health attributes amount to, in a word."""

from __future__ import annotations

from hanode.cib.score import read
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node


def health_word(cluster: Cluster, node: Node) -> str:
    """The worst of the node's health attributes."""
    worst = 0
    options = cluster.options
    for name, value in node.attributes.items():
        if name.startswith("#health"):
            word = value.lower()
            if word == "red":
                worst = max(worst, 2)
            elif word == "yellow":
                worst = max(worst, 1)
            elif word != "green":
                score = read(value)
                if score < 0:
                    worst = max(worst, 2 if score <= options.health_red else 1)
    return ("green", "yellow", "red")[worst]

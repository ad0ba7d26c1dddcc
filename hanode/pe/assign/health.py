"""Node health: attributes `#health...` that say green, yellow, red, or a number."""

from __future__ import annotations

from hanode.cib.score import add, read
from hanode.pe.model.cluster import Cluster


def health_scores(cluster: Cluster) -> dict[str, int]:
    """Each node's health as a score for every resource, by the cluster's strategy."""
    options = cluster.options
    strategy = options.health_strategy
    if strategy not in ("migrate-on-red", "only-green", "progressive", "custom"):
        return {}
    minus = -1_000_000
    if strategy == "migrate-on-red":
        words = {"red": minus, "yellow": 0, "green": 0}
    elif strategy == "only-green":
        words = {"red": minus, "yellow": minus, "green": 0}
    else:
        words = {
            "red": options.health_red,
            "yellow": options.health_yellow,
            "green": options.health_green,
        }
    found = {}
    for node in cluster.nodes.values():
        base = options.health_base if strategy == "progressive" else 0
        score = base
        for name, value in node.attributes.items():
            if name.startswith("#health"):
                score = add(score, words.get(value.lower(), read(value)))
        if strategy == "custom":
            score = 0
        found[node.name] = score
    return found

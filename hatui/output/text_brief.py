"""Primitives in brief: for each agent, how many of them are active on which node."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.pe.overview import ResourceView
from hatui.cluster.natural import natural
from hatui.output.words import clean


def brief(
    views: Iterable[ResourceView], indent: str, inactive: bool, within: bool = False
) -> list[str]:
    """`2/4\t(agent):\tActive node`, by agent and node; the total where all are shown, or `within`
    a group."""
    by_agent: dict[str, list[ResourceView]] = {}
    for view in views:
        by_agent.setdefault(view.agent, []).append(view)
    lines = []
    for agent, alike in sorted(by_agent.items()):
        total = f"/{len(alike)}" if inactive or within else ""
        counts: dict[str, int] = {}
        for view in alike:
            for node in view.nodes:
                counts[node] = counts.get(node, 0) + 1
        lines += [
            f"{indent}{counts[node]}{total}\t({clean(agent)}):\tActive {clean(node)}"
            for node in sorted(counts, key=natural)
        ]
        if not counts and inactive:
            lines.append(f"{indent}0{total}\t({clean(agent)}):\tActive")
    return lines


def brief_here(agents: Iterable[str], indent: str) -> list[str]:
    """The same where the node is said already."""
    found: dict[str, int] = {}
    for agent in agents:
        found[agent] = found.get(agent, 0) + 1
    return [f"{indent}{found[one]}\t({clean(one)}):\tActive " for one in sorted(found)]

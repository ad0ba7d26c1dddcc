"""Attributes of nodes, as commands show them: those of the configuration, and an agent's."""

from __future__ import annotations

from typing import Any

from hanode.cib.xml import read_xml
from hanode.state import ClusterState


def lasting(state: ClusterState, node: str) -> dict[str, str]:
    """Those that stand in the configuration, and so outlive a reboot."""
    for found in read_xml(state.cib.encode()).iterfind("configuration/nodes/node"):
        if found.get("uname") == node:
            pairs = found.iterfind("instance_attributes/nvpair")
            return {pair.get("name", ""): pair.get("value", "") for pair in pairs}
    return {}


def rows(state: ClusterState, node: str) -> list[dict[str, Any]]:
    """All attributes of a node, or of every one."""
    found = []
    records = {**state.nodes, **state.remotes}
    for name in [node] if node else sorted(records):
        kinds = ((lasting(state, name), "forever"), (records[name].attributes, "reboot"))
        for pairs, lifetime in kinds:
            found += [
                {"node": name, "name": key, "value": value, "lifetime": lifetime}
                for key, value in sorted(pairs.items())
            ]
    return found

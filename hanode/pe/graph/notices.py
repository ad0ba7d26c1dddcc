"""What a clone with `notify` tells its agents: who is what now, and who is about to be."""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def notice_variables(plan: Plan, clone: Resource) -> dict[str, str]:
    """`notify_active_resource`, `notify_start_uname`, ... as lists separated by blanks."""
    lists: dict[str, list[tuple[str, str]]] = {
        name: []
        for name in (
            "active",
            "inactive",
            "promoted",
            "unpromoted",
            "start",
            "stop",
            "promote",
            "demote",
        )
    }
    for leaf in clone.primitives():
        _state(lists, leaf)
        for task in ("start", "stop", "promote", "demote"):
            for step in plan.all_of(leaf, task):
                if step.required and step.runnable and step.node is not None:
                    lists[task].append((leaf.name, step.node.name))
    found = {}
    for name, entries in lists.items():
        found[f"notify_{name}_resource"] = " ".join(entry[0] for entry in entries)
        found[f"notify_{name}_uname"] = " ".join(entry[1] for entry in entries if entry[1])
    for old, new in (("master", "promoted"), ("slave", "unpromoted")):
        found[f"notify_{old}_resource"] = found[f"notify_{new}_resource"]
        found[f"notify_{old}_uname"] = found[f"notify_{new}_uname"]
    nodes = plan.placement.cluster.nodes.values()
    found["notify_available_uname"] = " ".join(n.name for n in nodes if _available(n))
    found["notify_all_uname"] = " ".join(n.name for n in nodes)
    return found


def _available(node: Node) -> bool:
    return node.online and not node.unclean


def _state(lists: dict[str, list[tuple[str, str]]], leaf: Resource) -> None:
    if not leaf.active:
        lists["inactive"].append((leaf.name, ""))
    for node in leaf.active:
        role = leaf.roles_on.get(node.name, leaf.role)
        name = (
            "promoted" if role == Role.PROMOTED else "unpromoted" if leaf.promotable else "active"
        )
        lists[name].append((leaf.name, node.name))
        if name != "active":
            lists["active"].append((leaf.name, node.name))

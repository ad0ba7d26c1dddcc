"""A decision in the form in which decisions are compared (tests/pe): plain JSON values."""

from __future__ import annotations

from typing import Any

from hanode.cib.document import Cib
from hanode.pe.assign.bundle import containers
from hanode.pe.instance_state import node_state
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.simulate import apply
from hanode.pe.unpack import unpack
from hanode.transition import Transition


def as_contract(cib: Cib, transition: Transition, now: float) -> dict[str, Any]:
    """summary, actions, orderings, after."""
    return {
        "summary": [
            {
                "action": change.action,
                "resource": change.resource,
                "nodes": list(change.nodes),
                "roles": list(change.roles),
                "blocked": change.blocked,
                "reason": change.reason,
            }
            for change in transition.summary
        ],
        "actions": [
            {
                "id": str(action.id),
                "task": action.task,
                "node": action.node,
                "pseudo": action.pseudo,
            }
            for action in transition.actions
        ],
        "orderings": [[str(before), str(after)] for before, after in transition.orderings],
        "after": after(unpack(apply(cib, transition, now, forget=False), now)),
    }


def after(cluster: Cluster) -> dict[str, Any]:
    """Node states, and who is active where."""
    nodes = {
        node.name: node_state(cluster, node)
        for node in cluster.nodes.values()
        if not node.is_guest or node.online
    }
    resources: dict[str, list[list[str]]] = {}
    for top in cluster.resources:
        if top.kind == "bundle":
            resources.update(_replicas(top))
            continue
        for leaf in top.primitives():
            if leaf.is_connection and leaf.container is not None:
                continue
            for entry in _places(leaf):
                resources.setdefault(leaf.label, []).append(entry)
    return {"nodes": nodes, "resources": resources}


def _replicas(bundle: Resource) -> dict[str, list[list[str]]]:
    """Each replica by what it contains and where its container is."""
    found = {}
    service = next((part for part in bundle.children if part.kind == "clone"), None)
    for container in containers(bundle):
        assert container.replica is not None
        number = container.replica[1]
        if service is None:
            found[container.label] = _places(container)
            continue
        inner = service.children[number]
        hosts = container.active
        if not inner.active or not hosts:
            continue
        role = next(iter(inner.roles_on.values()), inner.role)
        word = role.word
        if inner.failed:
            word = "FAILED Promoted" if role == Role.PROMOTED else "FAILED"
        found[f"{bundle.id}-{number}"] = [[word, host.name] for host in hosts]
    return found


def _places(leaf: Resource) -> list[list[str]]:
    found = []
    for node in leaf.active:
        role = leaf.roles_on.get(node.name, leaf.role)
        word = role.word
        if leaf.failed:
            word = "FAILED Promoted" if role == Role.PROMOTED else "FAILED"
        found.append([word, node.name])
    if not leaf.active and leaf.failed:
        found.append(["FAILED", ""])
    return found

"""Constraints that nobody wrote: what runs inside something is where that is, after it."""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.model import ordering as o
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.constraint import Before, Colocate, Constraints, Place
from hanode.pe.model.resource import Resource

# How much a bundle's connection wants to be where its container is.
CONNECTION_NEAR = 10_000


def add_implicit(cluster: Cluster, into: Constraints) -> None:
    """For every resource that is launched inside another."""
    for leaf in cluster.primitives():
        if leaf.replica is not None and leaf.agent[2] == "IPaddr2":
            _address_first(into, leaf)
        container = leaf.container
        if container is None:
            continue
        name = f"inside:{container.id}"
        into.orders.append(Before(name, container, "start", leaf, "start", o.MANDATORY_START))
        into.orders.append(Before(name, leaf, "stop", container, "stop", o.THEN_IMPLIES_FIRST))
        if leaf.replica is not None and leaf.is_connection:
            # It may be elsewhere, if its container allows; but cluster nodes are better.
            into.colocate(Colocate(name, leaf, container, CONNECTION_NEAR))
            continue
        guest = next((f.remote_node for f in container.fillers if f.remote_node), None)
        if guest is not None and not leaf.is_connection:
            scores = {n: -INFINITY for n in cluster.nodes if n != guest.name}
            why = f"{leaf.label} runs inside {container.label}"
            into.place(Place(name, leaf, scores, sentence=why))
            continue
        into.colocate(Colocate(name, leaf, container, INFINITY))


def _address_first(into: Constraints, address: Resource) -> None:
    """A replica's address is there before its container."""
    bundle = address.parent
    assert bundle is not None
    for part in bundle.children:
        if part.replica == address.replica and part.agent[2] in ("docker", "podman", "rkt"):
            name = f"address:{part.id}"
            into.orders.append(Before(name, address, "start", part, "start", o.MANDATORY_START))
            into.orders.append(Before(name, part, "stop", address, "stop", o.THEN_IMPLIES_FIRST))
            into.colocate(Colocate(name, address, part, INFINITY))

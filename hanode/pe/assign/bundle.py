"""Where a bundle's replicas go."""

from __future__ import annotations

from hanode.pe.assign.placement import Placement
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource


def assign_bundle(
    placement: Placement, bundle: Resource, prefer: Node | None = None
) -> Node | None:
    return None


def obey_bundle(
    placement: Placement, dependent: Resource, bundle: Resource, colocation: Colocate
) -> None:
    return None

"""The second half of understanding: constraints, in document order."""

from __future__ import annotations

from hanode.cib.configuration import Colocation, Location, Order, TicketConstraint
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.constraint import Constraints
from hanode.pe.unpack.colocation import unpack_colocation
from hanode.pe.unpack.implicit import add_implicit
from hanode.pe.unpack.location import unpack_location
from hanode.pe.unpack.order import unpack_order
from hanode.pe.unpack.tickets import unpack_ticket


def unpack_constraints(cluster: Cluster) -> Constraints:
    """Every constraint with its names resolved; unknown names are warned about."""
    found = Constraints()
    for config in cluster.cib.configuration.constraints:
        match config:
            case Location():
                unpack_location(cluster, found, config)
            case Colocation():
                unpack_colocation(cluster, found, config)
            case Order():
                unpack_order(cluster, found, config)
            case TicketConstraint():
                unpack_ticket(cluster, found, config)
    add_implicit(cluster, found)
    return found

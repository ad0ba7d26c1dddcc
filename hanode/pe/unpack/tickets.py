"""Ticket constraints: what a site may run only while it holds a ticket."""

from __future__ import annotations

from hanode.cib.configuration import TicketConstraint
from hanode.pe.model.cluster import Cluster, Ticket
from hanode.pe.model.constraint import Constraints, TicketBound
from hanode.pe.model.role import read_role
from hanode.pe.unpack.targets import targets


def unpack_ticket(cluster: Cluster, into: Constraints, config: TicketConstraint) -> None:
    """All that one `rsc_ticket` says."""
    if config.ticket not in cluster.tickets:
        cluster.tickets[config.ticket] = Ticket(config.ticket)
    named = [(name, entry.role) for entry in config.sets for name in entry.refs]
    if config.rsc:
        named.append((config.rsc, config.role))
    for name, role_text in named:
        found = targets(cluster, name)
        if not found:
            cluster.warn(f'ticket constraint "{config.id}" names "{name}", which is no resource')
        for resource in found:
            role = read_role(role_text)
            policy = config.loss_policy
            if not policy:
                policy = "demote" if role_text.lower() in ("promoted", "master") else "stop"
            if policy == "fence" and not cluster.options.fencing_enabled:
                policy = "stop"
            into.tickets.append(TicketBound(config.id, config.ticket, resource, role, policy))

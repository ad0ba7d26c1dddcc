"""Tickets that this site doesn't hold: what depends on them stops, demotes, or freezes."""

from __future__ import annotations

from hanode.cib.score import INFINITY
from hanode.pe.assign.placement import Placement
from hanode.pe.model.cluster import Ticket
from hanode.pe.model.constraint import Place, TicketBound
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role


def apply_tickets(placement: Placement) -> None:
    """Turn each ticket constraint into bans, fencing or freezing."""
    for bound in placement.constraints.tickets:
        ticket = placement.cluster.tickets[bound.ticket]
        _apply(placement, bound, ticket, bound.resource)


def _apply(placement: Placement, bound: TicketBound, ticket: Ticket, resource: Resource) -> None:
    if ticket.granted and not ticket.standby:
        return
    if resource.children:
        for child in resource.children:
            _apply(placement, bound, ticket, child)
    elif not ticket.granted:
        _lost(placement, bound, ticket, resource)
    else:
        _forbid(placement, bound, resource)


def _lost(placement: Placement, bound: TicketBound, ticket: Ticket, resource: Resource) -> None:
    concerned = bound.role != Role.PROMOTED or resource.role == Role.PROMOTED
    if bound.loss_policy == "freeze" and resource.active and concerned:
        resource.managed = False
        resource.blocked = True
        return
    _forbid(placement, bound, resource)
    if bound.loss_policy == "fence" and concerned:
        for node in resource.active:
            why = f"ticket {ticket.id} was lost (deadman)"
            placement.cluster.demand_fencing(node, why)


def _forbid(placement: Placement, bound: TicketBound, resource: Resource) -> None:
    """If only the promoted role is bound, running is fine, unless the policy is to stop."""
    if bound.role == Role.PROMOTED and bound.loss_policy != "stop":
        _demote(placement, bound, resource)
    else:
        _ban(placement, bound, resource)


def _ban(placement: Placement, bound: TicketBound, resource: Resource) -> None:
    why = f"ticket {bound.ticket} is not held"
    placement.tables.ban_everywhere(resource, bound.id, why)


def _demote(placement: Placement, bound: TicketBound, resource: Resource) -> None:
    """Running is fine, being promoted is not."""
    scores = dict.fromkeys(placement.tables.of(resource), -INFINITY)
    why = f"ticket {bound.ticket} is not held"
    place = Place(bound.id, resource, scores, Role.PROMOTED, "always", why)
    placement.constraints.place(place)

"""Who may order what: the roles of operators, and the one question that is asked of them.

Each may what its line says; an admin may all.

| role     | may                                                                           |
|----------|-------------------------------------------------------------------------------|
| viewer   | look: state, history, dry runs                                                |
| operator | look, move, ban, start, stop, put on standby, maintain, clean up, clear;      |
|          | transient attributes, tickets, shutting a node down                           |
| fencer   | look, fence, confirm that a node is down                                      |
| admin    | everything: resources, constraints, properties, members, operators (= root)   |
"""

from __future__ import annotations

from hanode.attributes import of_the_cluster
from hanode.events import (
    AttributeSet,
    CibChanged,
    Event,
    FencingConfirmed,
    FencingIntended,
    HistoryCleared,
    MemberAdded,
    MemberRemoved,
    NodeLeaving,
    OperatorAdded,
    OperatorRemoved,
    OrderGiven,
    TicketSet,
    UnfencingOrdered,
)
from hanode.mgmt.switches import only_switches
from hanode.state.proofs import OPERATOR

ROLES = ("viewer", "operator", "fencer", "admin")

_ORDERS = {
    CibChanged: "change the configuration",
    AttributeSet: "set a node attribute",
    HistoryCleared: "clean up",
    NodeLeaving: "shut a node down",
    TicketSet: "grant or revoke a ticket",
    FencingIntended: "fence a node",
    FencingConfirmed: "confirm that a node is down",
    UnfencingOrdered: "let a node in again",
    MemberAdded: "add a node",
    MemberRemoved: "remove a node",
    OperatorAdded: "add an operator",
    OperatorRemoved: "remove an operator",
}
"""Every event that an operator may order at all, in words."""

_OPERATOR = (HistoryCleared, NodeLeaving, TicketSet)
_FENCER = (FencingIntended, FencingConfirmed, UnfencingOrdered)


def may(role: str, event: Event, cib: str) -> str | None:
    """None if this role may order this event; else the reason why not, for the one who asked.

    `cib` is the configuration that a CibChanged would change: an operator's change is judged by
    what it does there, never by what its edits call themselves.
    """
    if isinstance(event, OrderGiven):
        each = event.open()
        if any(isinstance(part, OrderGiven) for part in each):
            return "an order of several can't be part of an order of several"
        return next((no for part in each if (no := may(role, part, cib))), None)
    what = _ORDERS.get(type(event))
    if what is None:
        return f"{type(event).__name__} is a fact that nodes state; nobody can order it"
    if isinstance(event, FencingConfirmed) and event.evidence != OPERATOR:
        return f"evidence '{event.evidence}' is for nodes to give; an operator's is 'operator'"
    if role == "admin" or _allowed(role, event, cib):
        return None
    return f"role '{role}' may not {what}{_scope(event)}; it takes {_needed(role, event)}"


def _allowed(role: str, event: Event, cib: str) -> bool:
    if role == "operator":
        if isinstance(event, CibChanged):
            return only_switches(cib, event.edits)
        if isinstance(event, AttributeSet):
            # "terminate" asks for the node to be fenced
            return event.name != "terminate" and not of_the_cluster(event.name)
        return isinstance(event, _OPERATOR)
    return role == "fencer" and isinstance(event, _FENCER)


def _needed(role: str, event: Event) -> str:
    """In words. What a change does is worked out for nobody who may not make any."""
    if isinstance(event, CibChanged):
        return "'admin'" if role == "operator" else "'operator' to move and to switch, else 'admin'"
    able = (other for other in ("operator", "fencer") if _allowed(other, event, ""))
    return f"'{next(able, 'admin')}'"


def _scope(event: Event) -> str:
    return " in this way" if isinstance(event, CibChanged) else ""

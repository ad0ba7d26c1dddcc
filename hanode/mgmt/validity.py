"""Whether an order makes sense in this cluster: asked before it goes to the DC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hanode.cib.document import BadCib, parse_configuration
from hanode.cib.edits import BadEdit, apply_edits
from hanode.events import (
    ORDERS,
    AttributeSet,
    CibChanged,
    Event,
    FencingConfirmed,
    FencingIntended,
    HistoryCleared,
    MemberAdded,
    MemberRemoved,
    NodeLeaving,
    OperatorRemoved,
    OrderGiven,
    UnfencingOrdered,
)
from hanode.identity import certificate, verify
from hanode.state import ClusterState
from hanode.state.lawful import overtaken


def invalid(state: ClusterState, event: Event) -> str:
    """Why it can't be done, in words for the one who asks; empty: it can."""
    check = _CHECKS.get(type(event))
    return check(state, event) if check is not None else ""


def _cib(state: ClusterState, event: CibChanged) -> str:
    if event.base != state.version:
        return f"based on version {event.base}, and it is {state.version}; read it again"
    try:
        changed = apply_edits(state.cib, event.edits)
        parse_configuration(changed.encode())
    except (BadEdit, BadCib) as error:
        return str(error)
    return ""


def _node_named(state: ClusterState, name: str) -> str:
    if name not in state.nodes:
        return f"no node is called {name!r}; there are {', '.join(sorted(state.nodes))}"
    return ""


def _place_named(state: ClusterState, name: str) -> str:
    """A member, or a remote node."""
    return _node_named(state, name) if name not in state.remotes else ""


def _cleared(state: ClusterState, event: HistoryCleared) -> str:
    return _place_named(state, event.node) if event.node else ""


def _fence(state: ClusterState, event: FencingIntended) -> str:
    if event.action not in ("reboot", "off"):
        return f"fencing action {event.action!r} is neither reboot nor off"
    return _node_named(state, event.target)


def _unfence(state: ClusterState, event: UnfencingOrdered) -> str:
    return _node_named(state, event.target) or overtaken(state, event)


def _confirm(state: ClusterState, event: FencingConfirmed) -> str:
    if no := _node_named(state, event.target):
        return no
    return overtaken(state, event)


def _add(state: ClusterState, event: MemberAdded) -> str:
    new = event.member
    if new.name in state.members:
        return f"a node called {new.name} is a member already; choose another name"
    if not new.name or not all(c.isalnum() or c in "-_." for c in new.name) or len(new.name) > 64:
        return f"{new.name!r} is no name for a node: use letters, digits, - _ . (at most 64)"
    if not 0 < new.number < 256:
        return "all 255 member numbers have been given"
    if new.role not in ("data", "witness"):
        return f"role {new.role!r} is neither data nor witness"
    keys = (new.public, new.kex, new.host_key)
    if any(len(key) != 32 for key in keys):
        return "its keys are not 32 bytes each"
    signed = certificate(new.name, new.kex, new.host_key)
    if not verify(new.public, "certificate", state.cluster, signed, new.certificate):
        return "its certificate does not vouch for its keys"
    return overtaken(state, event)


def _remove(state: ClusterState, event: MemberRemoved) -> str:
    if no := _node_named(state, event.name):
        return no
    if state.nodes[event.name].present:
        return f"{event.name} is in the cluster; let it leave first: hanode node leave {event.name}"
    return overtaken(state, event)


def _order(state: ClusterState, event: OrderGiven) -> str:
    parts = event.open()
    if strange := [part for part in parts if not isinstance(part, ORDERS)]:
        return f"{type(strange[0]).__name__} can't be part of an order of several"
    return next((no for part in parts if (no := invalid(state, part))), "")


_CHECKS: dict[type, Callable[[ClusterState, Any], str]] = {
    CibChanged: _cib,
    HistoryCleared: _cleared,
    FencingIntended: _fence,
    FencingConfirmed: _confirm,
    UnfencingOrdered: _unfence,
    AttributeSet: lambda state, event: _place_named(state, event.node),
    NodeLeaving: lambda state, event: _node_named(state, event.node),
    MemberAdded: _add,
    MemberRemoved: _remove,
    OperatorRemoved: lambda state, event: (
        "" if event.name in state.operators else f"no operator is called {event.name!r}"
    ),
    OrderGiven: _order,
}

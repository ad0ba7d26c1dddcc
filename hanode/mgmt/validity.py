"""Whether an order makes sense in this cluster: asked before it goes to the DC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hanode.attributes import PER_NODE
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
    MemberRemoved,
    NodeLeaving,
    OperatorAdded,
    OperatorRemoved,
    OrderGiven,
    UnfencingOrdered,
    parts,
)
from hanode.identity import verify
from hanode.state import ClusterState
from hanode.state.fitness import unfit
from hanode.state.lawful import overtaken


def invalid(state: ClusterState, event: Event) -> str:
    """Why it can't be done, in words for the one who asks; empty: it can."""
    check = _CHECKS.get(type(event), _anyway)
    return check(state, event) or unfit(state, event, verify) or overtaken(state, event)


def _anyway(state: ClusterState, event: Event) -> str:
    return ""


def stale(state: ClusterState, event: Event) -> str:
    """Why it comes too late: the configuration is not the one that it was made for."""
    for part in parts(event):
        if isinstance(part, CibChanged) and part.base != state.version:
            return f"based on version {part.base}, and it is {state.version}; read it again"
    return ""


def _cib(state: ClusterState, event: CibChanged) -> str:
    if no := stale(state, event):
        return no
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


def _target_named(state: ClusterState, event: FencingConfirmed | UnfencingOrdered) -> str:
    return _node_named(state, event.target)


def _attribute(state: ClusterState, event: AttributeSet) -> str:
    """Half of the places are for what agents say."""
    node = state.record(event.node)
    if node is None:
        return _place_named(state, event.node)
    held = node.attributes
    if event.value is not None and event.name not in held and len(held) >= PER_NODE // 2:
        return f"{event.node} has {len(held)} attributes already; take some away first"
    return ""


def _remove(state: ClusterState, event: MemberRemoved) -> str:
    if no := _node_named(state, event.name):
        return no
    if state.nodes[event.name].present:
        return f"{event.name} is in the cluster; let it leave first: hanode node leave {event.name}"
    return ""


def _order(state: ClusterState, event: OrderGiven) -> str:
    parts = event.open()
    if strange := [part for part in parts if not isinstance(part, ORDERS)]:
        return f"{type(strange[0]).__name__} can't be part of an order of several"
    if sum(isinstance(part, CibChanged) for part in parts) > 1:
        return "several changes of the configuration: give their edits as one"
    return next((no for part in parts if (no := invalid(state, part))), "")


def _operator(state: ClusterState, event: OperatorAdded) -> str:
    """A key comes in with the rights of one name."""
    new = event.operator
    others = (held for name, held in sorted(state.operators.items()) if name != new.name)
    for other in others:
        if other.public == new.public:
            return f"this key is {other.name}'s already ({other.role}); remove that operator first"
    return ""


_CHECKS: dict[type, Callable[[ClusterState, Any], str]] = {
    CibChanged: _cib,
    HistoryCleared: _cleared,
    FencingIntended: _fence,
    FencingConfirmed: _target_named,
    UnfencingOrdered: _target_named,
    AttributeSet: _attribute,
    NodeLeaving: lambda state, event: _node_named(state, event.node),
    MemberRemoved: _remove,
    OperatorAdded: _operator,
    OperatorRemoved: lambda state, event: (
        "" if event.name in state.operators else f"no operator is called {event.name!r}"
    ),
    OrderGiven: _order,
}

"""Whether what is said can be at all: names, numbers, keys, how much of it there may be.

Asked of an order before it goes to the DC, and of each entry by every replica (state.lawful): what
one member lets pass, or makes up, the others do not take.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hanode import attributes
from hanode.events import (
    AttributeSet,
    Event,
    FencingConfirmed,
    FencingIntended,
    MemberAdded,
    NodeReported,
    OperatorAdded,
    TicketSet,
)
from hanode.ids import NODE_NAME_LIMIT, is_node_name
from hanode.state.cluster import ClusterState

if TYPE_CHECKING:
    from hanode.identity import Verifier

NUMBERS = range(1, 256)
"""A member's number fills one byte of a heartbeat, and is never given twice."""
OPERATORS_MAX = 1024
KEY_BYTES = 32


def unfit(state: ClusterState, event: Event, verify: Verifier) -> str:
    """Why it can't be, in words for the one who asks; empty: it can."""
    if isinstance(event, MemberAdded):
        return _member(state, event, verify)
    check = _CHECKS.get(type(event))
    return check(state, event) if check is not None else ""


def _member(state: ClusterState, event: MemberAdded, verify: Verifier) -> str:
    from hanode.identity import certificate  # a console follows logs, and seldom sees a new member

    new = event.member
    if new.name in state.members:
        return f"a node called {new.name} is a member already; choose another name"
    if not is_node_name(new.name):
        return (
            f"{new.name!r} is no name for a node: use letters, digits, - _ . "
            f"(at most {NODE_NAME_LIMIT}, no . at first)"
        )
    if new.number not in NUMBERS:
        return "all 255 member numbers have been given"
    if new.number <= state.last_number:
        return f"the number {new.number} was given to another node; let it join again"
    if new.role not in ("data", "witness"):
        return f"role {new.role!r} is neither data nor witness"
    keys = (new.public, new.kex, new.host_key)
    if any(len(key) != KEY_BYTES for key in keys):
        return f"its keys are not {KEY_BYTES} bytes each"
    twin = next((m.name for m in state.members.values() if m.public == new.public), "")
    twin = twin or ("a former member" if new.public in state.said else "")
    if twin:  # a copy of its machine, or the same with an empty disk: neither knows what it said
        return f"its keys are those of {twin}; move its identity file away, and let it join again"
    signed = certificate(new.name, new.kex, new.host_key)
    if not verify(new.public, "certificate", state.cluster, signed, new.certificate):
        return "its certificate does not vouch for its keys"
    return ""


def _operator(state: ClusterState, event: OperatorAdded) -> str:
    new = event.operator
    if not new.name.isprintable() or not 0 < len(new.name) <= attributes.NAME_LIMIT:
        return f"an operator's name has 1 to {attributes.NAME_LIMIT} printable characters"
    if len(new.public) != KEY_BYTES:
        return f"an operator's key has {KEY_BYTES} bytes"
    if new.name not in state.operators and len(state.operators) >= OPERATORS_MAX:
        return f"there are {OPERATORS_MAX} operators already"
    return ""


def _attribute(state: ClusterState, event: AttributeSet) -> str:
    if event.value is None:
        return ""  # away with it, whatever it was called
    if wrong := attributes.unfit(event.name, event.value):
        return wrong
    node = state.record(event.node)
    if node is None or event.name in node.attributes or attributes.of_the_cluster(event.name):
        return ""
    if _counted(node.attributes) >= attributes.PER_NODE:
        return f"{event.node} has {attributes.PER_NODE} attributes already"
    return ""


def _counted(held: dict[str, str]) -> int:
    return sum(not attributes.of_the_cluster(name) for name in held)


def _reported(state: ClusterState, event: NodeReported) -> str:
    if len(event.attributes) > attributes.PER_NODE:
        return f"more than {attributes.PER_NODE} attributes"
    each = (attributes.unfit(name, value) for name, value in event.attributes.items())
    return next(filter(None, each), "")


def _ticket(state: ClusterState, event: TicketSet) -> str:
    if wrong := attributes.unfit(event.ticket):
        return wrong
    if event.ticket not in state.tickets and len(state.tickets) >= attributes.TICKETS:
        return f"there are {attributes.TICKETS} tickets already"
    return ""


def _fencing(state: ClusterState, event: FencingIntended | FencingConfirmed) -> str:
    """A boot that is over before it has begun would never be let in."""
    target = state.record(event.target)
    if target is None or event.boot <= target.boot:
        return ""
    return f"nobody has heard of boot {event.boot} of {event.target}"


_CHECKS: dict[type, Callable[[ClusterState, Any], str]] = {
    OperatorAdded: _operator,
    AttributeSet: _attribute,
    NodeReported: _reported,
    TicketSet: _ticket,
    FencingIntended: _fencing,
    FencingConfirmed: _fencing,
}

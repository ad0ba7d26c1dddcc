"""A decision's actions, as a node's LRM is told them and as people read them."""

from __future__ import annotations

from hanode.events import Planned
from hanode.ids import NodeName
from hanode.peer_messages import Order
from hanode.transition import Action, Change, Transition

DEFAULT_TIMEOUT_MS = 20_000
"""Of an operation for which the configuration names none (Pacemaker's default)."""


def order_of(action: Action, ident: str, term: int, node: NodeName, boot: int) -> Order:
    """A PE's action as an order to a node's LRM."""
    task = "cancel" if action.kind == "cancel" else action.operation
    if action.kind == "shutdown":
        task = "shutdown"
    return Order(
        id=ident,
        term=term,
        node=node,
        boot=boot,
        resource=action.resource or "",
        agent=str(action.agent) if action.agent else "",
        task=task,
        interval_ms=action.interval_ms,
        timeout_ms=action.timeout_ms or DEFAULT_TIMEOUT_MS,
        expected_rc=action.target_rc,
        operation=action.operation,
        parameters=dict(action.parameters),
        meta=dict(action.meta),
        digest=action.digest,
        cause=action.reason,
        remote=(action.node or "") if action.router else "",
        needs_quorum=task in ("start", "promote", "migrate_to", "migrate_from"),
    )


TOLD = 50_000
"""Actions of a transition that the log tells of, lest no replica can read it: probes of thousands
of resources on each of many nodes are more."""


def plan(transition: Transition) -> tuple[Planned, ...]:
    """The actions that somebody executes, for people; order runs through pseudo-actions."""
    real = {action.id: action for action in transition.actions if not action.pseudo}
    before: dict[int, list[int]] = {}
    for first, then in transition.orderings:
        before.setdefault(then, []).append(first)

    def waits_for(ident: int) -> tuple[int, ...]:
        found: set[int] = set()
        seen: set[int] = set()
        todo = list(before.get(ident, ()))
        while todo:
            one = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in real:
                found.add(one)
            else:
                todo.extend(before.get(one, ()))
        return tuple(sorted(found))

    probes_last = sorted(real.values(), key=lambda action: action.operation == "monitor")
    told = {action.id for action in probes_last[:TOLD]}
    return tuple(
        Planned(
            action.id, action.task, action.node or "", action.resource or "", action.operation,
            action.reason, waits_for(action.id),
        )
        for action in real.values()
        if action.id in told
    )  # fmt: skip


def sentence(change: Change) -> str:
    """One line of a decision, as people read it."""
    what = change.resource or "node"
    where = " -> ".join(change.nodes)
    roles = f" {' -> '.join(change.roles)}" if change.roles else ""
    why = f": {change.reason}" if change.reason else ""
    blocked = " (blocked)" if change.blocked else ""
    return f"{change.action} {what}{roles} ({where}){blocked}{why}"

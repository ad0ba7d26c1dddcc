"""What the policy engine decides, as lines that people read and as JSON."""

from __future__ import annotations

from typing import Any

from hanode.transition import Action, Change, Transition


def lines(transition: Transition) -> list[str]:
    """The decision: what changes, in which order, what is in the way."""
    told = ["What would happen:"]
    told += [f"  * {_change(change)}" for change in transition.summary] or [
        "  * nothing: no resource and no node changes"
    ]
    real = _real(transition)
    if real:
        told += ["", "In this order:"]
        before = _waits(transition)
        number = {action.id: n for n, action in enumerate(real, 1)}
        told += [f"  {_step(action, number, before)}" for action in real]
    if transition.blocked:
        told += ["", "What is in the way:"]
        told += [f"  * {_blocked(entry)}" for entry in transition.blocked]
    told += [f"warning: {warning}" for warning in transition.warnings]
    return told


def as_json(transition: Transition) -> dict[str, Any]:
    """The same for scripts; `after` names the actions that each one waits for."""
    before = _waits(transition)
    return {
        "changes": [
            {
                "action": change.action, "resource": change.resource,
                "nodes": list(change.nodes), "roles": list(change.roles),
                "blocked": change.blocked, "reason": change.reason,
            }
            for change in transition.summary
        ],
        "actions": [
            {
                "id": action.id, "kind": action.kind, "task": action.task, "node": action.node,
                "resource": action.instance or action.resource, "reason": action.reason,
                "after": before[action.id],
            }
            for action in _real(transition)
        ],
        "blocked": [entry._asdict() for entry in transition.blocked],
        "warnings": list(transition.warnings),
    }  # fmt: skip


def _change(change: Change) -> str:
    """`Move  web  ( n1 -> n2 )  due to ...`, as crm_simulate lays it out."""
    where = " -> ".join(change.nodes)
    roles = " -> ".join(change.roles)
    place = " ".join(part for part in (roles, where) if part)
    told = f"{change.action:<10} {change.resource or where:<20} ( {place} )"
    blocked = " (blocked)" if change.blocked else ""
    reason = f"  {change.reason}" if change.reason else ""
    return f"{told}{blocked}{reason}"


def _step(action: Action, number: dict[int, int], before: dict[int, list[int]]) -> str:
    what = f"{action.operation or action.task} {action.instance or action.resource or ''}".strip()
    if action.kind == "fence":
        what = f"fence ({action.operation})"
    elif action.kind == "cancel":
        what = f"cancel {what}"
    elif action.kind == "cleanup":
        what = f"forget {action.resource}"
    every = f" every {action.interval_ms / 1000:g} s" if action.interval_ms else ""
    waits = sorted(number[other] for other in before[action.id])
    after = f"   after {', '.join(map(str, waits))}" if waits else ""
    return f"{number[action.id]:>3}. {what}{every} on {action.node}{after}"


def _blocked(entry: Any) -> str:
    parts = (entry.operation, entry.resource or "", f"on {entry.node}" if entry.node else "")
    return f"{' '.join(part for part in parts if part)}: {entry.reason}"


def _real(transition: Transition) -> list[Action]:
    """Those that somebody carries out, each after all that it waits for."""
    before = _waits(transition)
    left = {a.id: a for a in sorted(transition.actions, key=lambda a: a.id) if not a.pseudo}
    ordered: list[Action] = []
    while left:
        ready = [ident for ident in left if not any(other in left for other in before[ident])]
        for ident in ready or list(left):  # a loop can't be; if it were, it would end here
            ordered.append(left.pop(ident))
    return ordered


def _waits(transition: Transition) -> dict[int, list[int]]:
    """For each real action, the nearest real ones before it (pseudo-actions seen through)."""
    pseudo = {action.id for action in transition.actions if action.pseudo}
    direct: dict[int, set[int]] = {action.id: set() for action in transition.actions}
    for first, then in transition.orderings:
        if first in direct and then in direct:
            direct[then].add(first)
    waits = {}
    for ident in direct:
        found: set[int] = set()
        seen: set[int] = set()
        look = sorted(direct[ident])
        while look:
            other = look.pop()
            if other in seen:
                continue
            seen.add(other)
            if other in pseudo:
                look.extend(sorted(direct[other]))
            else:
                found.add(other)
        waits[ident] = sorted(found)
    return {ident: _reduced(others, waits) for ident, others in waits.items()}


def _reduced(others: list[int], waits: dict[int, list[int]]) -> list[int]:
    """Without those that another one of them waits for anyway."""
    implied = {far for near in others for far in waits[near]}
    return [other for other in others if other not in implied]

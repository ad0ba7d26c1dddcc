"""What is ahead of a resource that does not run: where it starts once a lost node is fenced."""

from __future__ import annotations

from hanode.events import Planned
from hanode.state import ClusterState
from hatui.cluster.ledger import is_fencing
from hatui.cluster.safe import clean


def ahead(state: ClusterState) -> dict[str, str]:
    """Resources of the transition under way whose start waits for a fencing; a clause on each."""
    walk = state.transition
    targets = {intent.target for intent in state.intents.values()}
    if walk is None or not targets:
        return {}
    actions = {action.id: action for action in walk.actions}
    found: dict[str, str] = {}
    for action in walk.actions:
        if action.operation == "start":
            before = {one.node for one in _before(action, actions) if is_fencing(one)} & targets
            if before:
                lost = " ".join(sorted(before))
                found[action.resource] = clean(f"starts on {action.node} once {lost} is fenced")
    return found


def _before(action: Planned, actions: dict[int, Planned]) -> list[Planned]:
    """All that it waits for, however far away."""
    found: dict[int, Planned] = {}
    left = list(action.after)
    while left:
        ident = left.pop()
        if ident in actions and ident not in found:
            found[ident] = actions[ident]
            left += actions[ident].after
    return list(found.values())

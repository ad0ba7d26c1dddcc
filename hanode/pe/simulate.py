"""The cluster after a transition has succeeded, without doing any of it."""

from __future__ import annotations

from collections import deque

from hanode.cib.document import Cib
from hanode.cib.status import DONE, NodeState, Operation, ResourceHistory
from hanode.transition import Action, Transition

_TELLS = ("start", "stop", "promote", "demote", "monitor", "migrate_to", "migrate_from")


def apply(cib: Cib, transition: Transition, now: float, forget: bool = True) -> Cib:
    """The CIB after every action of the transition has succeeded, in its order.

    Without `forget`, clean-ups, cancellations and shutdowns change nothing: so decisions
    are compared with the reference's.
    """
    names = {node.id: node.uname for node in cib.configuration.nodes}
    states = {names.get(state.id, state.name): state for state in cib.status.nodes}
    for action in in_order(transition):
        if action.kind == "fence" or (action.pseudo and action.task.startswith("stonith-")):
            _fence(states, action)
        elif action.kind == "rsc" and action.operation in _TELLS and action.node:
            _note(states, action, int(now))
        elif forget and action.node in states:
            _forget(states, action)
    status = cib.status._replace(nodes=tuple(states.values()))
    return cib._replace(status=status)


def in_order(transition: Transition) -> list[Action]:
    """One order in which the actions can be done."""
    actions = {action.id: action for action in transition.actions}
    waiting = dict.fromkeys(actions, 0)
    after: dict[int, list[int]] = {}
    for before, then in transition.orderings:
        waiting[then] += 1
        after.setdefault(before, []).append(then)
    ready = deque(name for name, count in waiting.items() if not count)
    found = []
    while ready:
        name = ready.popleft()
        found.append(actions[name])
        for then in after.get(name, ()):
            waiting[then] -= 1
            if not waiting[then]:
                ready.append(then)
    return found


def _fence(states: dict[str, NodeState], action: Action) -> None:
    """A fenced node is off: nothing runs on it, nobody remembers anything there."""
    if action.operation == "on" or not action.node or action.pseudo:
        return
    state = states.get(action.node) or NodeState(action.node, action.node)
    states[action.node] = state._replace(
        in_ccm=False,
        crmd=False,
        join="down",
        expected="down",
        attributes={},
        history=(),
        unseen=False,
    )


def _forget(states: dict[str, NodeState], action: Action) -> None:
    """Clean-ups, cancellations and shutdowns."""
    assert action.node is not None
    state = states[action.node]
    name = action.resource or ""
    if action.kind == "shutdown":
        attributes = {k: v for k, v in state.attributes.items() if k != "shutdown"}
        states[action.node] = state._replace(
            in_ccm=False, crmd=False, join="down", expected="down", attributes=attributes
        )
    elif action.operation == "clear_failcount":
        gone = (f"fail-count-{name}", f"last-failure-{name}")
        attributes = {k: v for k, v in state.attributes.items() if k.partition("#")[0] not in gone}
        states[action.node] = state._replace(attributes=attributes)
    elif action.operation in ("delete", "lrm_delete"):
        history = tuple(entry for entry in state.history if entry.id != name)
        states[action.node] = state._replace(history=history)
    elif action.kind == "cancel":
        history = tuple(
            entry._replace(operations=_without(entry, action)) if entry.id == name else entry
            for entry in state.history
        )
        states[action.node] = state._replace(history=history)


def _without(history: ResourceHistory, cancel: Action) -> tuple[Operation, ...]:
    cancelled = (cancel.operation, cancel.interval_ms)
    return tuple(op for op in history.operations if (op.task, op.interval_ms) != cancelled)


def _note(states: dict[str, NodeState], action: Action, now: int) -> None:
    """The history entry that the operation would leave."""
    assert action.node is not None
    assert action.resource is not None
    state = states.get(action.node)
    if state is None:
        state = NodeState(action.node, action.node, remote=True)
    histories = list(state.history)
    name = action.resource
    at = next((n for n, history in enumerate(histories) if history.id == name), -1)
    if at < 0:
        agent = action.agent
        history = ResourceHistory(
            name,
            agent.class_ if agent else "",
            agent.provider if agent else "",
            agent.type if agent else "",
        )
        at = len(histories)
        histories.append(history)
    old = histories[at].operations
    call = max((operation.call_id for operation in old), default=0) + 1
    operation = Operation(
        action.operation,
        action.interval_ms,
        call,
        action.target_rc,
        DONE,
        action.target_rc,
        now,
        now,
        id=f"{name}_last_0" if not action.interval_ms else action.task,
        key=action.task,
        on_node=action.node,
        migrate_source=action.meta.get("migrate_source", ""),
        migrate_target=action.meta.get("migrate_target", ""),
    )
    kept = tuple(
        entry
        for entry in old
        if (entry.task, entry.interval_ms) != (operation.task, operation.interval_ms)
    )
    histories[at] = histories[at]._replace(operations=(*kept, operation))
    states[action.node] = state._replace(history=tuple(histories))

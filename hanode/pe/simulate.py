"""The cluster after a transition was carried out, without doing any of it.

`apply` is the transition that succeeds: what previews show. `run` may have operations fail:
there it ends, as a transition does, and says what was not done any more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hanode.cib.document import Cib
from hanode.cib.status import DONE, ERROR, NodeState, Operation, ResourceHistory
from hanode.transition import Action, Transition

_TELLS = ("start", "stop", "promote", "demote", "monitor", "migrate_to", "migrate_from")


class Result(NamedTuple):
    """What came of an operation."""

    task: str
    interval_ms: int
    rc: int
    wanted: int
    key: str = ""
    source: str = ""
    target: str = ""


class Run(NamedTuple):
    """A transition carried out: the CIB after it, what was done, what failed, what was left."""

    cib: Cib
    done: tuple[Action, ...]
    failed: Action | None
    left: tuple[Action, ...]


def apply(cib: Cib, transition: Transition, now: float, forget: bool = True) -> Cib:
    """The CIB after every action of the transition has succeeded, in its order.

    Without `forget`, clean-ups, cancellations and shutdowns change nothing: so decisions
    are compared with the reference's.
    """
    return run(cib, transition, now, {}, forget).cib


def run(
    cib: Cib,
    transition: Transition,
    now: float,
    fail: Mapping[tuple[str, str], int],
    forget: bool = True,
) -> Run:
    """Carry it out up to the first action that fails; `fail`: (task, node) to return code."""
    nodes = _Nodes(cib)
    order = in_order(transition)
    for at, action in enumerate(order):
        rc = fail.get((action.task, action.node or "")) if not action.pseudo else None
        if rc is not None and action.kind == "rsc":
            nodes.note(action, rc, int(now))
            return Run(nodes.cib(), tuple(order[:at]), action, tuple(order[at + 1 :]))
        _carry_out(nodes, action, int(now), forget)
    return Run(nodes.cib(), tuple(order), None, ())


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


def with_result(state: NodeState, agent: ResourceHistory, result: Result, now: int) -> NodeState:
    """The node's state with one more result in a resource's history."""
    histories = {history.id: history for history in state.history}
    old = histories.get(agent.id, agent)
    histories[agent.id] = old._replace(operations=_longer(old, result, state.name, now))
    return state._replace(history=tuple(histories.values()))


def failures(state: NodeState, resource: str, task: str, interval_ms: int, now: int) -> NodeState:
    """The node's state with the operation's fail count one higher."""
    key = f"{resource}#{task}_{interval_ms}"
    attributes = dict(state.attributes)
    count = attributes.get(f"fail-count-{key}", "0")
    attributes[f"fail-count-{key}"] = str(int(count) + 1) if count.isdecimal() else count
    attributes[f"last-failure-{key}"] = str(now)
    return state._replace(attributes=attributes)


def _carry_out(nodes: _Nodes, action: Action, now: int, forget: bool) -> None:
    if action.kind == "fence":
        nodes.fence(action)
    elif action.kind == "rsc" and action.operation in _TELLS and action.node:
        nodes.note(action, action.target_rc, now)
    elif forget and not action.pseudo:
        nodes.forget(action)


def _longer(history: ResourceHistory, result: Result, node: str, now: int) -> tuple[Operation, ...]:
    """The operations with a new one, which takes the place of an older one of its kind."""
    old, name = history.operations, history.id
    call = max((operation.call_id for operation in old), default=0) + 1
    key = result.key or f"{name}_{result.task}_{result.interval_ms}"
    good = result.rc == result.wanted
    operation = Operation(
        result.task,
        result.interval_ms,
        call,
        result.rc,
        DONE if good or result.task == "monitor" else ERROR,
        result.wanted,
        now,
        now,
        id=f"{name}_last_failure_0"
        if not good
        else key
        if result.interval_ms
        else f"{name}_last_0",
        key=key,
        on_node=node,
        migrate_source=result.source,
        migrate_target=result.target,
    )
    kind = (result.task, result.interval_ms)
    return (*(entry for entry in old if (entry.task, entry.interval_ms) != kind), operation)


class _Nodes:
    """The nodes' states while a transition is carried out; histories by resource."""

    def __init__(self, cib: Cib) -> None:
        self._before = cib
        names = {node.id: node.uname for node in cib.configuration.nodes}
        self._states = {names.get(state.id, state.name): state for state in cib.status.nodes}
        self._histories: dict[str, dict[str, ResourceHistory]] = {}

    def cib(self) -> Cib:
        """All of it as a value again."""
        for name, histories in self._histories.items():
            history = tuple(histories.values())
            self._states[name] = self._states[name]._replace(history=history)
        status = self._before.status._replace(nodes=tuple(self._states.values()))
        return self._before._replace(status=status)

    def _of(self, node: str) -> dict[str, ResourceHistory]:
        found = self._histories.get(node)
        if found is None:
            state = self._states.setdefault(node, NodeState(node, node, remote=True))
            found = self._histories[node] = {entry.id: entry for entry in state.history}
        return found

    def fence(self, action: Action) -> None:
        """A fenced node is off: nothing runs on it, nobody remembers anything there."""
        name = action.node
        if action.operation == "on" or not name:
            return
        self._histories.pop(name, None)
        state = self._states.get(name) or NodeState(name, name)
        self._states[name] = state._replace(
            in_ccm=False,
            crmd=False,
            join="down",
            expected="down",
            attributes={},
            history=(),
            unseen=False,
        )

    def note(self, action: Action, rc: int, now: int) -> None:
        """The history entry that the operation would leave; a failure is counted, too."""
        assert action.node is not None
        assert action.resource is not None
        histories, name = self._of(action.node), action.resource
        agent = action.agent or ("", "", "")
        history = histories.get(name) or ResourceHistory(name, *agent)
        told = action.meta
        result = Result(
            action.operation,
            action.interval_ms,
            rc,
            action.target_rc,
            action.task,
            told.get("migrate_source", ""),
            told.get("migrate_target", ""),
        )
        histories[name] = history._replace(operations=_longer(history, result, action.node, now))
        if rc != action.target_rc:
            self._states[action.node] = failures(
                self._states[action.node], name, action.operation, action.interval_ms, now
            )

    def forget(self, action: Action) -> None:
        """Clean-ups, cancellations and shutdowns."""
        node, name = action.node, action.resource or ""
        if node is None or node not in self._states:
            return
        if action.kind == "shutdown":
            self._shut_down(node)
        elif action.operation == "clear_failcount":
            gone = (f"fail-count-{name}", f"last-failure-{name}")
            self._drop_attributes(node, gone)
        elif action.operation in ("delete", "lrm_delete"):
            self._of(node).pop(name, None)
        elif action.kind == "cancel" and name in self._of(node):
            history = self._of(node)[name]
            self._of(node)[name] = history._replace(operations=_without(history, action))

    def _shut_down(self, node: str) -> None:
        self._drop_attributes(node, ("shutdown",))
        state = self._states[node]
        gone = state._replace(in_ccm=False, crmd=False, join="down", expected="down")
        self._states[node] = gone

    def _drop_attributes(self, node: str, names: Iterable[str]) -> None:
        """By name, whatever operation stands behind it."""
        names = tuple(names)
        state = self._states[node]
        kept = {k: v for k, v in state.attributes.items() if k.partition("#")[0] not in names}
        self._states[node] = state._replace(attributes=kept)


def _without(history: ResourceHistory, cancel: Action) -> tuple[Operation, ...]:
    cancelled = (cancel.operation, cancel.interval_ms)
    return tuple(op for op in history.operations if (op.task, op.interval_ms) != cancelled)

"""How a DC walks a decision: orders to LRMs, their answers, and the news that end a walk."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hanode.events import (
    Alarm,
    CibChanged,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    FencingLapsed,
    HistoryCleared,
    NodeReported,
    OperationFinished,
    OperatorAdded,
    OperatorRemoved,
    Statement,
    TransitionEnded,
    TransitionStarted,
    ViewAgreed,
    VoteRestored,
)
from hanode.ids import NodeName
from hanode.node.orders import order_of, plan, sentence
from hanode.node.unfencing import ON
from hanode.state.hands_off import HandsOff
from hanode.state.migrations import may_have_come
from hanode.state.operations import failed
from hanode.te import Walk
from hanode.transition import Action, Transition

if TYPE_CHECKING:
    from hanode.node.node import Node
    from hanode.node.shooting import Shooting

_NO_NEWS = (
    TransitionStarted, TransitionEnded, FencingIntended, FencingFailed, Alarm, OperatorAdded,
    OperatorRemoved, VoteRestored,
)  # fmt: skip
"""Of no account for a decision: our own words about it, a need that stands anyway, people."""
RETRY = 1.0
"""Seconds before the PE is asked again after a walk that failed without news."""


class Walking:
    """One walk at a time, or none."""

    def __init__(self, node: Node, shooting: Shooting) -> None:
        self._node = node
        self._shooting = shooting
        self.walk: Walk | None = None
        self._walks = 0
        self._stands = True
        """The log has it that this walk has begun, where that has to be known before anything is
        done: what a migration that nobody hears of may have brought where (state.migrations)."""
        self._boots: dict[NodeName, int] = {}
        """Of the nodes, as it began: no other boot of them has to do with it."""
        self._not_again: set[int] = set()
        """What of this walk may have been lost with a stream, and was not brought again."""
        self._in_trouble = False
        """A node could not even look at what may run there: the same again at once would spin."""

    def start(self, basis: int, transition: Transition) -> None:
        """The PE has decided on the state after entry `basis`."""
        node = self._node
        self._walks += 1
        self._in_trouble = False
        self._not_again.clear()
        self._boots = {name: record.boot for name, record in node.state.nodes.items()}
        self.walk = Walk(self._walks, basis, transition, node.name)
        summary = tuple(sentence(change) for change in transition.summary)
        planned = plan(transition)
        self._stands = all(action.operation != "migrate_to" for action in planned)
        node.state_fact(TransitionStarted(self._walks, basis, planned, summary))

    def go_on(self) -> float | None:
        """Begin what may begin; end the walk when nothing is left of it. A walk that was given up
        answers how long to wait before the PE is asked again."""
        node = self._node
        walk = self.walk
        if walk is None:
            return None
        for step in walk.overdue(node.now):
            why = f"no answer to {step.action.task} on {step.action.node}"
            node.say("error", why)
            walk.finish(step.action.id, ok=False, why=why)
            if step.action.id not in self._not_again:
                self._blame(step.action, why)
        for action in walk.begin(node.now) if self._stands else ():
            self._execute(walk, action)
        if not walk.over:
            return None
        outcome = walk.given_up or "complete"
        node.state_fact(TransitionEnded(walk.number, outcome, walk.done, walk.left))
        self.walk = None
        return self._pause(walk) if walk.given_up else None

    def _blame(self, action: Action, why: str) -> None:
        """An LRM answers every order, a time-out included. One that doesn't may still carry it
        out, late; so what it was told to run may run there until that node is fenced: a remote
        node itself, not who relays to it."""
        place = action.node or ""
        if self._node.state.record(place) is None:
            place = action.router or place
        if action.kind == "rsc" and self._shooting.enabled and not self._shooting.wanted(place):
            self._shooting.want(place, "reboot", why)

    def _pause(self, walk: Walk) -> float:
        """After a failure that changed nothing, asking again at once would spin."""
        unchanged = walk.basis == self._node.state.basis
        return RETRY if unchanged or self._in_trouble else 0.0

    def _execute(self, walk: Walk, action: Action) -> None:
        node = self._node
        if action.kind == "fence":
            assert action.node is not None
            self._shooting.carry_out(action)
        elif action.kind == "cleanup":
            node.state_fact(
                HistoryCleared(
                    action.resource or "", action.node or "",
                    failures_only=action.operation == "clear_failcount",
                ),
                cause=self._order_id(walk, action),
            )  # fmt: skip
        else:
            self._give_order(walk, action)

    def _give_order(self, walk: Walk, action: Action) -> None:
        node = self._node
        executor = action.router or action.node or ""
        record = node.state.nodes.get(executor)
        if record is None:
            walk.finish(action.id, ok=False, why=f"{executor} is no member")
            return
        order = order_of(
            action, self._order_id(walk, action), self._node.seat.term, executor, record.boot
        )
        if may_have_come(node.state, order.resource, action.node or executor):
            order = dataclasses.replace(order, may_run=True)
        if executor == node.name:
            node.hands.order(order)
        else:
            node.send(executor, order)

    def _order_id(self, walk: Walk, action: Action) -> str:
        return f"{self._node.seat.term}.{walk.number}.{action.id}"

    def stream_opened(self, peer: NodeName) -> None:
        """Orders may have been lost with the old stream; the LRM does each at most once. What was
        ordered before maintenance began, or was managed then, is not brought again: by now a person
        may be at it."""
        walk = self.walk
        if walk is None:
            return
        hands_off = HandsOff(self._node.state)
        for step in list(walk.flying.values()):
            action = step.action
            if (action.router or action.node) != peer:
                continue
            changes = action.kind == "rsc" and action.operation != "monitor"
            if changes and hands_off.of(action.resource or "", action.node or ""):
                self._not_again.add(action.id)
            if action.id in self._not_again:
                continue
            if action.kind in ("rsc", "cancel", "shutdown"):
                walk.given_again(step, self._node.now)
                self._give_order(walk, action)

    # ----------------------------------------------------------------------------------- the news

    def noticed(self, statement: Statement, event: Event) -> None:
        """An entry was applied: an answer to the walk, or news that ends it."""
        if self.walk is None:
            return
        if isinstance(event, TransitionStarted) and event.transition == self.walk.number:
            self._stands = True
        order = event.order if isinstance(event, OperationFinished) else statement.cause
        mine = self._answers(self.walk, order, statement.actor)
        if isinstance(event, OperationFinished):
            self._answered(self.walk, event, mine)
        elif isinstance(event, HistoryCleared) and mine is not None:
            self.walk.finish(mine, ok=True)
        elif isinstance(event, FencingConfirmed):
            self._fenced(self.walk, event.target)
        elif isinstance(event, ViewAgreed | NodeReported):
            self._lose_who_is_gone(self.walk)
            reported = event.node if isinstance(event, NodeReported) else ""
            self.walk.give_up(f"{reported} reported" if reported else "the view changed")
        elif isinstance(event, CibChanged | FencingLapsed):
            self.walk.give_up("the configuration changed")
        elif not isinstance(event, _NO_NEWS):
            self.walk.give_up(f"news: {type(event).__name__}")
        elif isinstance(event, FencingIntended) and event.by:
            self.walk.give_up(f"{event.by} orders the fencing of {event.target}")

    def _answered(self, walk: Walk, done: OperationFinished, ident: int | None) -> None:
        if done.status == "pending":
            return  # it begins, as was ordered
        if ident is not None:
            ok = done.status in ("done", "cancelled") and not failed(done)
            if done.task == "monitor" and not done.interval_ms:
                ok = done.status in ("done", "not-installed")
                self._in_trouble |= done.status == "error"
                walk.finish(ident, ok=ok, why=f"no answer to the probe of {done.resource}")
                if done.status == "not-installed":
                    walk.give_up(f"{done.resource} can't run on {done.node}")
                elif done.status == "done" and done.rc != done.expected_rc:
                    walk.give_up(f"{done.resource} was found on {done.node}")
                return
            why = done.reason or done.status if done.status != "done" else f"exit code {done.rc}"
            walk.finish(ident, ok=ok, why=f"{done.resource} {done.task} on {done.node}: {why}")
        elif done.status != "cancelled":
            walk.give_up(f"{done.resource} on {done.node}: {done.status} {done.rc}")

    def _fenced(self, walk: Walk, target: NodeName) -> None:
        if self._shooting.wanted(target):
            return  # late evidence, of an earlier boot: what this walk waits for is still to come
        for ident, step in list(walk.flying.items()):
            action = step.action
            if action.kind == "fence" and action.operation != ON and action.node == target:
                walk.finish(ident, ok=True)
                return
        walk.give_up(f"{target} was fenced")

    def _lose_who_is_gone(self, walk: Walk) -> None:
        for name in self._node.state.data_nodes:
            record = self._node.state.nodes[name]
            if not record.present or record.boot != self._boots.get(name, record.boot):
                walk.lose(name)

    def _answers(self, walk: Walk, order: str, speaker: NodeName) -> int | None:
        """The id of the action under way that this order was, in the mouth of whoever it was given
        to: nobody says that another one has stopped something."""
        named = order.rpartition(".")[2][:9]
        ident = int(named) if named.isdecimal() else -1
        step = walk.flying.get(ident)
        if step is None or order != self._order_id(walk, step.action):
            return None
        told = step.action.router or step.action.node
        doer = self._node.name if step.action.kind == "cleanup" else told
        return ident if speaker == doer else None

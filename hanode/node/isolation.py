"""What a node does when it has lost quorum: it follows `no-quorum-policy` by itself.

Its own PE decides on the last state that it knows plus what its LRM has said since; of that
decision it carries out stops and demotes on itself alone, each within `ISOLATION_STOP_LIMIT`
(cluster rule 6). Where the others count on it, since fencing is disabled, that is the limit of all
of them together: those that wait for each other share it. What came of them waits in the outbox
until the log takes it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hanode.codec import Garbled
from hanode.effects import AskPe, TellLrm
from hanode.events import OperationFinished
from hanode.ids import OWN_ORDER
from hanode.inputs import Decided
from hanode.local_messages import SelfRule
from hanode.mgmt.session import follow
from hanode.node.orders import order_of
from hanode.settings import ISOLATION_STOP_LIMIT
from hanode.state import ClusterState, status_of
from hanode.state.fold import skip
from hanode.state.operations import record
from hanode.te import Walk
from hanode.transition import Action, Transition

if TYPE_CHECKING:
    from hanode.node.node import Node

ALLOWED = ("stop", "demote")
ACTS = ("stop", "demote", "fence", "suicide")
"""Policies that ask for something; `freeze` and `ignore` leave alone what runs."""
AGAIN = 5.0
"""Seconds after which a node that is still isolated looks again at what runs."""


class Isolation:
    """Idle while the node is in quorum."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._question = ""
        self._asked = 0
        """The question's number: the millisecond at which it was asked, so that no order bears the
        id of one that a former life of the crm gave in this boot."""
        self._walk: Walk | None = None
        self._in_a_row: dict[int, int] = {}
        """Action -> how many of the walk come one after the other from it on."""
        self._look_at: float | None = None
        """When to ask the PE next; None while there is quorum."""

    @property
    def lets_run_on(self) -> bool:
        """Whether quorum is nothing to what runs here: its operators said so."""
        return self._node.state.hands_off or not self._acts

    @property
    def _acts(self) -> bool:
        """Whether the policy asks for something."""
        return self._node.state.options.get("no-quorum-policy", "stop") in ACTS

    @property
    def concerned(self) -> bool:
        """Whether there may be anything on this node to stop: a cluster that comes up for the
        first time needs no PE on every node."""
        node = self._node
        own = node.state.nodes.get(node.name)
        known = bool(own and own.history) or bool(node.hands.unsettled)
        return known or node.seat.log.last.index > node.state.position.index

    def attend(self) -> None:
        node = self._node
        lost_at = node.quorum_lost_at
        if lost_at is None or node.survivor.holds_on:
            self._end()
            return
        if self._look_at is None or self._look_at < lost_at:
            self._look_at = lost_at
        if node.now >= self._look_at and not self._walk and not self._question:
            self._ask()
        self._go_on()
        node.seat.timers.set("isolation", max(self._look_at, node.now + 0.05))

    def _end(self) -> None:
        if self._look_at is None:
            return
        self._look_at, self._walk, self._question = None, None, ""
        self._node.seat.timers.clear("isolation")

    def _ask(self) -> None:
        node = self._node
        self._look_at = node.now + AGAIN
        if not self._acts:
            return
        state = self._as_seen_alone()
        if node.name not in state.nodes or not state.nodes[node.name].history:
            return
        self._asked = max(self._asked + 1, int(node.now * 1000))
        self._question = f"alone.{self._asked}"
        node.out.append(
            AskPe(self._question, state.cib.encode(), state.version, status_of(state), node.clock())
        )

    def _as_seen_alone(self) -> ClusterState:
        """The last state, this node in a partition without quorum, its LRM's news included.

        A crm that was just started again does not know what of its log is committed; here, where
        nothing but stopping is at stake, all of it counts.
        """
        node = self._node
        state = ClusterState.unpack(node.state.pack())
        log = node.seat.log
        for entry in log.after(state.position.index, log.last.index - state.position.index):
            try:
                follow(state, entry, node.verify)
            except Garbled:
                skip(state, entry)
        state.quorate = False
        here = node.pulse.view.names
        for name, known in state.nodes.items():
            known.present = name == node.name or name in here
        own = state.nodes.get(node.name)
        if own is not None:
            own.boot = own.reported = node.boot
            for _, fact in sorted(node.hands.unsettled.items()):
                record(own, fact)
        return state

    def decided(self, decided: Decided) -> bool:
        """Whether this answer was to a question of ours."""
        if not decided.question.startswith("alone."):
            return False
        if decided.question != self._question:
            return True
        self._question = ""
        if decided.transition is not None:
            own = own_stops(decided.transition, self._node.name)
            if not own.empty:
                self._walk, self._in_a_row = Walk(self._asked, 0, own), in_a_row(own)
                self._node.say("warning", "without quorum: stops what it runs")
        else:
            self._node.say("error", f"the policy engine failed: {decided.error}")
        return True

    def _go_on(self) -> None:
        walk = self._walk
        if walk is None:
            return
        node = self._node
        for step in walk.overdue(node.now):
            walk.finish(step.action.id, ok=False)
        for action in walk.begin(node.now):
            ident = f"{OWN_ORDER}{node.boot}.{self._asked}.{action.id}"
            order = order_of(action, ident, node.seat.term, node.name, node.boot)
            node.out.append(TellLrm(SelfRule(order, int(self._limit(action) * 1000))))
        if walk.over:
            self._walk = None

    def _limit(self, action: Action) -> float:
        """Seconds that this one gets."""
        node, lost_at = self._node, self._node.quorum_lost_at
        left = lost_at + ISOLATION_STOP_LIMIT - node.now if lost_at is not None else 0.0
        if left <= 0 or node.coordination.shooting.enabled:
            return ISOLATION_STOP_LIMIT
        return left / self._in_a_row[action.id]

    def finished(self, fact: OperationFinished) -> None:
        """Our LRM has carried out something; go on whatever came of it: the limit has passed and
        the resource's processes are dead, or it has stopped."""
        self._answered(fact.order, ok=True)

    def refused(self, order: str) -> None:
        """Our LRM is at it already, say, as a former life of this crm told it: look again soon."""
        self._answered(order, ok=False)

    def _answered(self, order: str, *, ok: bool) -> None:
        prefix = f"{OWN_ORDER}{self._node.boot}.{self._asked}."
        if self._walk is not None and order.startswith(prefix):
            self._walk.finish(int(order.removeprefix(prefix)), ok=ok)


def own_stops(transition: Transition, node: str) -> Transition:
    """What of a decision a node may do on its own authority; the rest becomes a pseudo-action,
    so that the order among the stops stays."""
    actions = tuple(
        action
        if action.node == node and action.kind == "rsc" and action.operation in ALLOWED
        else dataclasses.replace(action, kind="pseudo")
        for action in transition.actions
    )
    return dataclasses.replace(transition, actions=actions)


def in_a_row(transition: Transition) -> dict[int, int]:
    """For each action how many real ones, itself among them, wait for each other from it on."""
    own = {action.id: int(not action.pseudo) for action in transition.actions}
    pairs = {(a, b) for a, b in transition.orderings if a in own and b in own}
    before: dict[int, list[int]] = {ident: [] for ident in own}
    later = dict.fromkeys(own, 0)
    for first, then in sorted(pairs):
        before[then].append(first)
        later[first] += 1
    longest = dict.fromkeys(own, 0)
    done = [ident for ident in own if not later[ident]]
    for ident in done:  # grows meanwhile: each after all that waits for it
        longest[ident] += own[ident]
        for first in before[ident]:
            longest[first] = max(longest[first], longest[ident])
            later[first] -= 1
            if not later[first]:
                done.append(first)
    return {ident: max(1, count) for ident, count in longest.items()}

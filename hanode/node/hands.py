"""This node's LRM as its crm deals with it: terms and orders in, facts out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hanode.effects import TellLrm
from hanode.events import (
    HistoryCleared,
    NodeLeft,
    NodeReported,
    OperationFinished,
)
from hanode.ids import EventId
from hanode.local_messages import (
    Alive,
    AloneRule,
    AttributeWanted,
    FenceResult,
    Finished,
    Forget,
    Noted,
    Recall,
    Refused,
    TakeTerm,
    TermTaken,
)
from hanode.node import agent_attributes, fence_results
from hanode.peer_messages import FenceOrder, Order
from hanode.ra.exit_codes import UNKNOWN
from hanode.state.hands_off import HandsOff
from hanode.state.left_alone import stays

if TYPE_CHECKING:
    from hanode.node.node import Node

BEGINNING = ("start", "promote")
"""What brings something up here."""
ALONE_RULE_EVERY = 0.4
"""Seconds between two words to an LRM that is to act without us if they end."""
FRESH = 5.0
"""Seconds in which an order may be brought to an LRM once more: its answer still comes before the
DC gives it up (te.walk.ANSWER_GRACE)."""
ALIVE_LIMIT = 10.0
"""Seconds of an LRM's silence after which it counts as hung. It speaks every second; but on a
machine that has too much to do it may wait for its turn, and an armed watchdog bites."""
HUNG_LIMIT = 30.0
"""... after which its node falls silent, to be fenced: nobody watches or stops anything here."""


class Hands:
    """Connected or not; which term the LRM was told; which facts it still holds."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.connected = False
        self._heard_at = node.now
        self.known = False
        """It has spoken in this life of the crm."""
        self.running = 0
        """How many resources run here, by its last word: the log, if it takes nothing now, does not
        know what was stopped since."""
        self._told_term = 0
        self._alone: tuple[tuple[str, bool], bool] | None = None
        """Version of the configuration, and what it says of an LRM without crm."""
        self._asked = False
        """The LRM was told a term and has not said yet what runs."""
        self._orders: dict[str, Order] = {}
        """Orders passed on and not yet answered, so that a refusal can name the operation."""
        self._given_at: dict[str, float] = {}
        """When each of these was given."""
        self._doubted: set[str] = set()
        """Those of them of which the log was told that they are under way."""
        self.unsettled: dict[int, OperationFinished] = {}
        """Facts by the LRM's number that are not in the log yet."""
        self._said_before: int | None = None
        """Number of our last statement before this crm was asleep, until a later one stands in the
        log. None: it was not."""

    # -------------------------------------------------------------------------- the LRM's process

    def up(self) -> None:
        """Orders that it was given before may have been lost on the way; it does each once. What
        is left to people by now is not brought again (see Walking.stream_opened), nor what the DC
        may wait for no longer: without fencing it has it done elsewhere."""
        self.connected = True
        self._alone = None
        self._told_term = 0
        self.follow_term()
        hands_off = HandsOff(self._node.state)
        for order in self._orders.values():
            harmless = order.task in ("monitor", "cancel")
            old = self._node.now > self._given_at.get(order.id, 0.0) + FRESH
            if order.term == self._node.seat.term:
                again = harmless or not (old or hands_off.of(order.resource, self._node.name))
                given = replace(order, given_at=self._node.now)
                self._tell(given if again else Recall(order.id))

    @property
    def silence(self) -> float:
        """Seconds since its last word."""
        return self._node.now - self._heard_at

    @property
    def alive(self) -> bool:
        return self.connected and self.silence <= ALIVE_LIMIT

    def down(self) -> None:
        self.connected = False
        self._told_term = 0
        self._asked = False

    def follow_term(self) -> None:
        """A new DC's term goes to the LRM before any order of it can. A node that does not yet
        know of its own membership has nothing to report."""
        seat = self._node.seat
        member = self._node.name in self._node.state.members
        if self.connected and member and seat.leader and self._told_term != seat.term:
            self._told_term = seat.term
            for ident in [i for i, o in self._orders.items() if o.term != seat.term]:
                self._given_at[ident] = self._node.now  # until it has said what came of them
            self._asked = True
            self._tell(TakeTerm(seat.term, self._node.boot))

    def say_alone_rule(self) -> None:
        """What the LRM has to stop by itself without a lease: with fencing disabled, should this
        crm die; on who was removed and lives on, whatever it is that an earlier boot left running.
        Said in a rhythm, which is the proof that it lives."""
        node = self._node
        if not self.connected or not node.state.members:
            return
        as_of = node.state.version, node.roll.removed
        if self._alone is None or self._alone[0] != as_of:
            stop = self._stops_without_lease()
            if stop or self._alone is None or self._alone[1]:
                self._tell(AloneRule(stop))
            self._alone = as_of, stop
        elif self._alone[1]:
            self._tell(AloneRule(True))
        if self._alone[1]:
            node.seat.timers.set("alone-rule", node.now + ALONE_RULE_EVERY)

    def _stops_without_lease(self) -> bool:
        node = self._node
        if node.roll.removed:
            return not node.state.hands_off
        return not node.coordination.shooting.enabled and not stays(node.state, node.name)

    def tell_what_is_known(self) -> None:
        """What runs here is not to be left alone any more, and who may have to count on that must
        know that this node knows."""
        own = self._node.state.nodes.get(self._node.name)
        if own is not None and own.online and own.known < self._node.state.left_alone:
            self.report_again()

    def report_again(self) -> None:
        """The cluster counted us out for a while: it must hear anew what runs here, unless a
        report is on its way already."""
        stated = [waiting.event for waiting in self._node.facts.waiting.values()]
        if self._asked or any(isinstance(event, NodeReported) for event in stated):
            return
        self._told_term = 0
        self.follow_term()

    def _tell(self, message: object) -> None:
        self._node.out.append(TellLrm(message))

    # -------------------------------------------------------------------------------- orders, down

    def woke(self) -> None:
        """This crm was asleep, its heartbeat process was not: orders that it finds now may be of
        long ago. The cluster may have declared this boot over since, or its target's."""
        self._said_before = self._node.facts.last

    def stands(self, ident: EventId) -> None:
        """A statement of ours is in the log: if it was made since, so was all that comes from now
        on from the DC that took it."""
        before = self._said_before
        if before is not None and (ident.boot, ident.n) > (self._node.boot, before):
            self._said_before = None

    def told(self, order: Order | FenceOrder) -> None:
        """What the DC has ordered, who is not this node."""
        ours = order.term == self._node.seat.term and order.node == self._node.name
        if self._said_before is not None and ours and order.boot == self._node.boot:
            self._decline(order, "its crm was asleep, and this may be an order of then")
        elif isinstance(order, FenceOrder):
            self.fence(order)
        else:
            self.order(order)

    def _decline(self, order: Order | FenceOrder, why: str) -> None:
        """That the DC hears of it is what makes its next order a new one."""
        if isinstance(order, FenceOrder):
            fence_results.heard(self._node, FenceResult.of(order, False, why))
        else:
            self._not_done(order, why)

    def order(self, order: Order) -> None:
        """From the DC (perhaps ourselves) to our LRM."""
        node = self._node
        if order.term != node.seat.term or order.boot != node.boot or order.node != node.name:
            node.say("warning", "an order that is not for this node in this term", order=order.id)
            return
        if order.task == "shutdown":
            node.state_fact(NodeLeft(node.name, node.boot), cause=f"order {order.id}")
            return
        if order.remote:
            node.remotes.order(order)
            return
        self._orders[order.id] = order
        self._given_at[order.id] = node.now
        self._tell(replace(order, given_at=node.now))

    def tell_doubts(self) -> None:
        """With fencing disabled, nobody is fenced for an order without an answer: the DC gives it
        up, and its LRM, which hangs, may have done it, or do it yet. So the log is told that it is
        under way: what may run here is not started elsewhere before it has stopped. The next DC
        knows nothing of an earlier one's order, and hears out an LRM for a while only."""
        node = self._node
        own = node.state.nodes.get(node.name)
        if own is None or not own.online or node.coordination.shooting.enabled:
            return
        for ident, order in self._orders.items():
            patience = order.timeout_ms / 1000 if order.term == node.seat.term else 0.0
            late = node.now > self._given_at.get(ident, node.now) + patience + FRESH
            if late and order.task in BEGINNING and ident not in self._doubted:
                self._doubted.add(ident)
                node.state_fact(
                    OperationFinished(
                        node.name, order.resource, order.agent, order.task, 0, UNKNOWN, "pending",
                        order.expected_rc, call_id=own.calls, at=node.clock(),
                        reason="its LRM has not answered", digest=order.digest,
                    )
                )  # fmt: skip

    def fence(self, order: FenceOrder) -> None:
        node = self._node
        if order.term == node.seat.term and order.boot == node.boot and order.node == node.name:
            self._tell(order)

    # ----------------------------------------------------------------------------------- facts, up

    def heard(self, message: object) -> None:
        node = self._node
        self._heard_at, self.known = node.now, True
        if isinstance(message, Alive):
            self.running = message.running
        elif isinstance(message, TermTaken):
            self._term_taken(message)
        elif isinstance(message, Finished):
            self._finished(message)
        elif isinstance(message, Refused):
            self._refused(message)
        elif isinstance(message, FenceResult):
            fence_results.heard(node, message)
        elif isinstance(message, AttributeWanted):
            agent_attributes.wanted(node, message)

    def _term_taken(self, taken: TermTaken) -> None:
        node = self._node
        self._asked = False
        if taken.boot == node.boot and taken.term == node.seat.term:
            self._orders = {i: o for i, o in self._orders.items() if o.term == taken.term}
            self._given_at = {i: at for i, at in self._given_at.items() if i in self._orders}
            self._doubted &= self._orders.keys()
            report = NodeReported(
                node.name, node.boot, taken.term, taken.operations, taken.attributes,
                node.state.position.index, taken.gone, taken.strikes,
            )  # fmt: skip
            node.state_fact(report)

    def _finished(self, finished: Finished) -> None:
        node = self._node
        if finished.number in self.unsettled:
            return
        self.unsettled[finished.number] = finished.fact
        self._orders.pop(finished.fact.order, None)
        self._given_at.pop(finished.fact.order, None)
        self._doubted.discard(finished.fact.order)
        cause = f"order {finished.fact.order}" if finished.fact.order else ""
        node.state_fact(finished.fact, cause=cause)
        node.isolation.finished(finished.fact)

    def settled(self, fact: OperationFinished) -> None:
        """One of our own facts stands in the log: the LRM need not keep it any longer."""
        for number, waiting in list(self.unsettled.items()):
            if waiting == fact:
                del self.unsettled[number]
                self._tell(Noted(number))

    def cleared(self, event: HistoryCleared) -> None:
        """What the log forgets here, the LRM must not bring back with its next report."""
        node = self._node
        own = node.state.nodes.get(node.name)
        if event.node not in ("", node.name) or event.failures_only or own is None:
            return
        if own.told_of == node.boot:
            self._tell(Forget(event.resource, own.calls))

    def _refused(self, refused: Refused) -> None:
        """The DC must hear that its order came to nothing; it is no result of the resource."""
        node = self._node
        order = self._orders.pop(refused.order, None)
        self._given_at.pop(refused.order, None)
        if order is not None and order.term == node.seat.term:
            self._not_done(order, refused.reason)
        node.isolation.refused(refused.order)
        if refused.order in self._doubted:
            self._doubted.discard(refused.order)
            self.report_again()  # it is not under way

    def _not_done(self, order: Order, why: str) -> None:
        node = self._node
        node.state_fact(
            OperationFinished(
                order.remote or node.name, order.resource, order.agent, order.task,
                order.interval_ms, 0, "refused", order.expected_rc, order.id, at=node.clock(),
                reason=why,
            ),
            cause=f"order {order.id}",
        )  # fmt: skip

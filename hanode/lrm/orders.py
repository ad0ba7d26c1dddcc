"""Orders at the LRM's door: what is for this node in this boot and term is taken up, once."""

from __future__ import annotations

from typing import Any

from hanode.effects import Say, TellCrm
from hanode.local_messages import Refused
from hanode.lrm.calls import leased
from hanode.lrm.fences import FenceDesk
from hanode.lrm.outbox import Outbox
from hanode.lrm.sense import nonsense
from hanode.lrm.taken import Taken
from hanode.lrm.term import Term
from hanode.lrm.term_writing import TermWriting
from hanode.lrm.work import Work
from hanode.peer_messages import FenceOrder, Order

_OF_THEN = "its LRM was asleep, and this is an order of then"


class Orders:
    def __init__(
        self, node: str, boot: int, term: Term, writing: TermWriting, taken: Taken,
        outbox: Outbox, work: Work, fences: FenceDesk, out: list[Any],
    ) -> None:  # fmt: skip
        self._node = node
        self._boot = boot
        self._term = term
        self._writing = writing
        self._taken = taken
        self._outbox = outbox
        self._work = work
        self._fences = fences
        self._out = out
        self._awake_since = 0.0

    def take_term(self, term: int, boot: int, now: float) -> bool:
        """A DC's first word. Answers whether it may be obeyed, and so is owed a report."""
        wrong = ""
        if boot != self._boot:
            wrong = f"for boot {boot}; this is boot {self._boot}"
        elif term < self._term.seen:
            wrong = f"this node has seen term {self._term.seen}"
        if wrong:
            self._refuse(f"term {term}", wrong)
            return False
        self._see_term(term, now)
        return True

    def woke(self, now: float) -> None:
        """This LRM was asleep, its heartbeat process was perhaps not: the lease holds, and what it
        was to start before may run elsewhere by now."""
        self._awake_since = now
        self._work.drop_leased(_OF_THEN, now)

    def take(self, order: Order, now: float) -> None:
        """Something to be done to a resource."""
        wrong = self._unfit(order) or nonsense(order)
        if wrong:
            self._refuse(order.id, wrong)
        elif self._repeated(order.id):
            pass
        elif leased(order) and order.given_at < self._awake_since:
            self._refuse(order.id, _OF_THEN)
        else:
            self._see_term(order.term, now)
            self._taken.add(order.id)  # a refusal makes it unknown again
            if order.task == "cancel":
                self._work.cancel(order, now)
            elif full := self._work.add(order, now):
                self._refuse(order.id, full)

    def recall(self, order: str) -> None:
        """What came to the life before, it has left to this one; what did not, comes too late."""
        if not self._repeated(order):
            self._refuse(order, "it was lost on its way here, and is of then")

    def fence(self, order: FenceOrder, now: float) -> None:
        """A node to be switched off or on."""
        wrong = self._unfit(order)
        if wrong:
            self._refuse(order.id, wrong)
        elif order.id in self._taken:
            self._fences.repeat(order, now)
        else:
            self._see_term(order.term, now)
            self._taken.add(order.id)
            self._fences.take(order, now)

    def rule(self, order: Order, limit_ms: int, now: float) -> None:
        """This node's own decision, since it has lost quorum."""
        if wrong := nonsense(order):
            self._refuse(order.id, wrong)
        elif order.task not in ("stop", "demote"):
            self._refuse(order.id, f"without quorum a node may stop and demote, not {order.task}")
        elif not self._repeated(order.id):
            self._taken.add(order.id)
            if already := self._work.own_rule.take(order, now + limit_ms / 1000, now):
                self._refuse(order.id, already)

    def stop_alone(self, resource: str, agent: str, ident: str, limit: float, now: float) -> None:
        """Nobody else will, and the others count on it."""
        own_rule = self._work.own_rule
        order = own_rule.stop_of(resource, agent, ident, self._term.seen, self._boot)
        if not own_rule.take(order, limit, now):
            text = f"its lease is over, and no order has come: stops {resource}"
            self._out.append(Say("warning", text))

    def refused(self, order: str) -> None:
        """Given again, it is looked at again."""
        self._taken.drop(order)

    def _see_term(self, term: int, now: float) -> None:
        if term <= self._term.seen:
            return
        self._term.take(term)
        self._taken.drop_older(term)
        self._work.drop_older(now)
        self._fences.drop_older(now)
        self._out += self._writing.begin(now)

    def _unfit(self, order: Order | FenceOrder) -> str:
        """Why this order isn't for this node in this boot and term."""
        if order.node != self._node:
            return f"for node {order.node}; this is {self._node}"
        if order.boot != self._boot:
            return f"for boot {order.boot}; this is boot {self._boot}"
        if order.term < self._term.seen:
            return f"order of term {order.term}; this node has seen term {self._term.seen}"
        return ""

    def _repeated(self, order: str) -> bool:
        """An order that was taken up is not done again; its answer, if there is one, is."""
        if order not in self._taken:
            return False
        answer = self._outbox.answers(order)
        if answer:
            self._out.append(TellCrm(answer))
        return True

    def _refuse(self, order: str, reason: str) -> None:
        self._out.append(TellCrm(Refused(order, reason)))

"""Bugs of the DC, of the LRM's obedience, and of whose word counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hanode import effects
from hanode.codec import Garbled
from hanode.dc import replication
from hanode.events import MemberRemoved
from hanode.lrm.alone import Alone
from hanode.lrm.orders import Orders
from hanode.lrm.term import Gate, Term
from hanode.node import folding, proposals
from hanode.node.doors import Doors
from hanode.node.facts import Facts
from hanode.node.hands import Hands
from hanode.node.hearing import Hearing
from hanode.node.isolation import Isolation
from hanode.node.node import Node
from hanode.node.proposals import Proposals
from hanode.peer_messages import Order
from hanode.state import fold, lawful
from hanode.state.records import NodeRecord
from tests.sim.mutants.garden import Garden, Mutant
from tests.sim.parts import CrmPart


def _no_waiting_for_reports(garden: Garden) -> None:
    """A DC acts before its LRMs have said what runs."""
    garden.put(Hearing, "held_back", property(lambda self: False))
    garden.put(NodeRecord, "online", property(lambda self: self.present))


def _any_term_will_do(garden: Garden) -> None:
    """Neither crm nor LRM looks at the term of an order, nor at who gives it. That a DC which has
    slept asks first whether it is still heard would hide it, so it doesn't."""
    honest, peer = Orders._unfit, Doors._peer

    def unfit(self: Orders, order: Any) -> str:
        why = honest(self, order)
        return "" if "has seen term" in why else why

    def said(self: Doors, given: Any) -> None:
        if isinstance(given.message, Order):
            self._node.hands.order(given.message)
        else:
            peer(self, given)

    def order(self: Hands, given: Order) -> None:
        self._orders[given.id] = given
        self._tell(given)

    garden.put(replication, "agreed_value", lambda values, voters, missing: float("inf"))
    garden.put(Orders, "_unfit", unfit)
    garden.put(Term, "gate", lambda self, term, task: Gate.OPEN)
    garden.put(Doors, "_peer", said)
    garden.put(Hands, "order", order)


def _done_again(garden: Garden) -> None:
    garden.put(Orders, "_repeated", lambda self, order: False)


def _deaf_to_maintenance(garden: Garden) -> None:
    """The PE is asked about a configuration without maintenance mode."""
    honest = CrmPart._ask

    def ask(self: CrmPart, effect: effects.AskPe) -> None:
        blind = effect.cib.replace(b'name="maintenance-mode" value="true"', b'name="x" value="y"')
        honest(self, replace(effect, cib=blind))

    garden.put(CrmPart, "_ask", ask)


def _no_stopping_alone(garden: Garden) -> None:
    """Without quorum neither crm nor LRM stops what runs, though they were told to."""
    garden.put(Isolation, "attend", lambda self: None)
    garden.put(Alone, "seen", lambda self, until, now: None)


def _old_elections_count(garden: Garden) -> None:
    """(Was in the core.) Words of an office that is over are said again, and have force."""
    honest = lawful.objection

    def objection(*args: Any) -> str:
        why = honest(*args)
        return "" if "was elected for term" in why else why

    garden.put(Facts, "take_back", lambda self, kinds: None)
    garden.put(folding, "objection", objection)
    garden.put(proposals, "objection", objection)


def _anybody_speaks_for_anybody(garden: Garden) -> None:
    honest = lawful.objection

    def objection(*args: Any) -> str:
        why = honest(*args)
        return "" if "can't speak for" in why else why

    garden.put(folding, "objection", objection)
    garden.put(proposals, "objection", objection)


def _a_key_is_good_for_ever(garden: Garden) -> None:
    """What is signed by a member that was removed counts as before."""
    removed: dict[str, Any] = {}
    honest_fold, honest = fold._HANDLERS[MemberRemoved], lawful.objection

    def member_removed(state: Any, event: Any, *rest: Any) -> None:
        removed[event.name] = state.members.get(event.name)
        honest_fold(state, event, *rest)

    def objection(state: Any, signed: Any, statement: Any, *rest: Any) -> str:
        why = honest(state, signed, statement, *rest)
        former = removed.get(statement.actor)
        return "" if former is not None and "is no member" in why else why

    garden.put(fold._HANDLERS, MemberRemoved, member_removed)  # type: ignore[arg-type]
    garden.put(folding, "objection", objection)
    garden.put(proposals, "objection", objection)


def _what_nobody_can_read(garden: Garden) -> None:
    """A DC puts into the log whatever it is brought, though it can't read it."""
    honest = Proposals.brought

    def brought(self: Proposals, peer: str, proposal: Any) -> None:
        try:
            proposal.signed.open()
        except Garbled:
            if self._node.coordination.opened:
                replication.propose(self._node.seat, proposal.signed, self._node.now)
            return
        honest(self, peer, proposal)

    garden.put(Proposals, "brought", brought)


def _no_signatures(garden: Garden) -> None:
    honest = Node.__init__

    def born(self: Node, *args: Any, **more: Any) -> None:
        believed = list(args)
        believed[4] = lambda public, context, cluster, payload, signature: True
        honest(self, *believed, **more)

    garden.put(Node, "__init__", born)


MUTANTS = {
    "no-reports": Mutant("a DC acts before the LRMs report", _no_waiting_for_reports, "3", True,
        "moment,operator",),
    "any-term": Mutant(
        "nobody looks at terms", _any_term_will_do, "3", True, "moment,operator"
    ),
    "done-again": Mutant("an order is done twice", _done_again),
    "deaf-to-maintenance": Mutant(
        "maintenance mode is not heeded", _deaf_to_maintenance, "3", True, "hands-off"
    ),
    "no-stopping-alone": Mutant(
        "a node without quorum does not stop", _no_stopping_alone, "3", False
    ),
    "old-elections": Mutant(
        "an old election told late has force", _old_elections_count, "3", True,
        "moment,operator",
    ),
    "speaks-for-others": Mutant(
        "a member's word of another counts", _anybody_speaks_for_anybody, "3", True, "traitor"
    ),
    "keys-for-ever": Mutant(
        "a removed member's key is good for ever", _a_key_is_good_for_ever, "3", True,
        "members,traitor",
    ),
    "unread": Mutant(
        "what the DC can't read it takes", _what_nobody_can_read, "3", True, "traitor,crash"
    ),
    "no-signatures": Mutant("signatures are not checked", _no_signatures, "3", True, "traitor"),
}  # fmt: skip

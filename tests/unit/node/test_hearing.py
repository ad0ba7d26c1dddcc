"""Whom a DC hears out before it decides anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hanode.effects import Persist, TellLrm
from hanode.events import FencingIntended, Member, NodeReported, Statement
from hanode.inputs import LocalSaid
from hanode.local_messages import Heard, TakeTerm, TermTaken, View
from hanode.node.hearing import FINISHING_LIMIT, STRIKES_LIMIT
from hanode.peer_messages import FenceOrder
from hanode.settings import JOIN_LIMIT, Timing
from hanode.state.records import NodeRecord
from tests.unit.node.alone import CIB, Alone
from tests.unit.node.test_deciding import NEWS, asked, decide
from tests.unit.node.test_isolation import STARTED
from tests.unit.node.test_mass_fencing import SWITCH

STOPPING = replace(STARTED, task="stop", status="pending", call_id=2)


class Silent(Alone):
    """Its LRM takes no term before it is told to."""

    silent = True

    def carry_out(self, new: list[Any]) -> list[Any]:
        if not self.silent:
            return super().carry_out(new)
        heard = [e for e in new if not _is_term(e)]
        return super().carry_out(heard)

    def report(self, *operations: Any) -> None:
        """What runs here, at last."""
        self.silent = False
        self.tell(LocalSaid(TermTaken(self.node.seat.term, 1, operations)))


def _is_term(effect: Any) -> bool:
    return isinstance(effect, TellLrm) and isinstance(effect.message, TakeTerm)


class Unwritten(Alone):
    """Once it is elected, its disk is slow."""

    slow = False

    def carry_out(self, new: list[Any]) -> list[Any]:
        if self.slow and self.node.seat.leads:
            new = [effect for effect in new if not isinstance(effect, Persist)]
        return super().carry_out(new)


def again(alone: Alone) -> None:
    """It loses its office, and is elected anew."""
    decide(alone)
    alone.hear(quorate=False)
    alone.wait(3.0)
    alone.said.clear()
    alone.hear(quorate=True)
    alone.wait(5.0)
    assert alone.node.seat.leads


def joined(alone: Alone, name: str, **known: Any) -> NodeRecord:
    """A member that is in the view."""
    state = alone.node.state
    number = 1 + len(state.members)
    state.members[name] = Member(name, number, "data", bytes(32))
    record = state.nodes[name] = NodeRecord(name, boot=1, present=True, expected=True, **known)
    here = (*((n, r.boot) for n, r in sorted(state.nodes.items()) if r.present),)
    alone.tell(LocalSaid(Heard(View(number, here, True), (), alone.now + 1000.0)))
    return record


def test_nothing_is_decided_before_our_election_stands_in_the_log() -> None:
    """Until then a DC may know less than its log says."""
    alone = Unwritten()
    alone.slow = True
    again(alone)
    assert asked(alone) == 0


def test_nothing_is_decided_before_an_lrm_has_said_what_runs_there() -> None:
    alone = Silent()
    assert alone.node.seat.leads
    assert asked(alone) == 0
    alone.report()
    alone.wait(0.1)
    assert asked(alone) == 1


def test_what_it_said_to_an_earlier_dc_is_not_enough() -> None:
    """It has taken more orders since."""
    alone = Silent()
    alone.report()
    alone.wait(0.1)
    alone.silent = True
    again(alone)
    assert asked(alone) == 0
    alone.report()
    alone.wait(0.1)
    assert asked(alone) == 1


def test_who_says_nothing_for_too_long_is_to_be_fenced() -> None:
    alone = Silent()
    alone.wait(JOIN_LIMIT - 4.0)
    assert not alone.node.state.intents
    alone.wait(4.0)
    (intent,) = alone.node.state.intents.values()
    assert (intent.target, intent.action) == ("n1", "reboot")
    alone.wait(JOIN_LIMIT)
    assert len(alone.node.state.intents) == 1, "stated once"


@pytest.mark.parametrize(("told_of", "waits"), [(0, False), (1, True)])
def test_of_those_who_came_later_who_may_have_something_running_is_heard_out(
    told_of: int, waits: bool
) -> None:
    """Whoever has never reported was never told to start anything."""
    alone = Alone()
    decide(alone)
    joined(alone, "n2", told_of=told_of)
    alone.node.state_fact(NEWS)
    alone.wait(1.0)
    assert asked(alone) == int(not waits)


@pytest.mark.parametrize(("done", "waits"), [(STOPPING, True), (STARTED, False)])
def test_a_stop_that_is_reported_as_under_way_is_waited_for(done: Any, waits: bool) -> None:
    """For a while: what rests upon it would be started meanwhile."""
    alone = Silent()
    alone.report(done)
    alone.wait(FINISHING_LIMIT - 0.5)
    assert asked(alone) == int(not waits)
    alone.wait(1.0)
    assert asked(alone) == int(waits)


def test_who_comes_up_first_waits_for_the_others_their_time_to_come() -> None:
    """The cluster was switched on: who is not here yet is late, not lost."""
    alone = Silent()
    alone.node.state.members["n2"] = Member("n2", 2, "data", bytes(32))
    alone.node.state.nodes["n2"] = NodeRecord("n2")
    alone.report()
    waits = alone.node.seat.born + Timing().initdead - alone.now
    assert waits > 1.0
    alone.wait(waits - 0.5)
    assert asked(alone) == 0
    alone.wait(1.0)
    assert asked(alone) == 1


# -------------------------------------------------------------------------- and who is fenced


def powered() -> Silent:
    """n2 is to be fenced, and may be what an earlier DC's order strikes just now."""
    alone = Silent(CIB.replace("</resources>", SWITCH))
    joined(alone, "n2")
    alone.node.state_fact(FencingIntended("q-n2", "n2", 1, "off", "a stop failed there"))
    return alone


def struck(alone: Alone) -> list[str]:
    told = [e.message for e in alone.all(TellLrm) if isinstance(e.message, FenceOrder)]
    return [order.target for order in told]


def test_nobody_is_fenced_before_all_have_said_whom_they_are_striking() -> None:
    """A report may bring the outcome of what an earlier DC had ordered."""
    alone = powered()
    alone.wait(STRIKES_LIMIT + 1.0)
    assert not struck(alone)
    alone.report()
    alone.wait(0.1)
    assert struck(alone) == ["n2"]


def test_a_report_of_who_was_removed_since_ends_nothing() -> None:
    """Of its stops, none is awaited any more."""
    alone = Alone()
    decide(alone)
    said = Statement("n9", 1, 1, 0.0, "", b"")
    alone.node.coordination.noticed(said, NodeReported("n9", 1, 2))
    alone.node.state_fact(NEWS)
    alone.wait(0.1)
    assert asked(alone) == 1

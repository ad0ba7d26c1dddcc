"""When a DC has its PE decide, and which of the answers it walks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hanode.effects import AskPe, Say, TellLrm
from hanode.events import AttributeSet, FencingConfirmed, Member, ViewAgreed
from hanode.inputs import Decided, LocalSaid, Wake
from hanode.local_messages import Finished, Heard, View
from hanode.node.coordination import RECHECK, RETRY
from hanode.peer_messages import Order
from hanode.state.records import NodeRecord
from hanode.transition import Action, Agent, RecheckAt, Transition
from tests.unit.node.alone import CIB, Alone
from tests.unit.node.test_isolation import STARTED
from tests.unit.node.test_lost_orders import OPTIONS

DUMMY = Agent("ocf", "hanode", "Dummy")
START = Action(1, "rsc", "web_start_0", "start", "n1", "web", timeout_ms=5000, agent=DUMMY)
STOP = replace(START, task="web_stop_0", operation="stop")
NEWS = AttributeSet("n1", "a", "1")


@pytest.fixture
def alone() -> Alone:
    return Alone()


def questions(alone: Alone) -> list[str]:
    """Asked of the PE, in its time as the DC."""
    asked = [effect.question for effect in alone.all(AskPe)]
    return [question for question in asked if not question.startswith("alone.")]


def asked(alone: Alone) -> int:
    """How often, since last asked."""
    count = len(questions(alone))
    alone.said = [effect for effect in alone.said if not isinstance(effect, AskPe)]
    return count


def decide(alone: Alone, *actions: Action, **more: Any) -> list[Order]:
    """The answer to the latest question; what the LRM is told to do."""
    question = questions(alone)[-1]
    alone.said.clear()
    alone.tell(Decided(question, Transition(actions, **more)))
    return orders(alone)


def orders(alone: Alone) -> list[Order]:
    told = [effect.message for effect in alone.all(TellLrm)]
    return [message for message in told if isinstance(message, Order)]


def done(alone: Alone, order: Order, rc: int = 0, number: int = 1) -> None:
    """What came of it."""
    fact = replace(STARTED, task=order.task, order=order.id, rc=rc, call_id=number)
    alone.tell(LocalSaid(Finished(number, fact)))


def test_what_is_decided_is_done(alone: Alone) -> None:
    assert [order.task for order in decide(alone, START)] == ["start"]


@pytest.mark.parametrize("other", ["", "1.1.1", "9.9.9"])
def test_an_answer_that_nobody_has_asked_for_is_dropped(alone: Alone, other: str) -> None:
    right = questions(alone)[-1]
    alone.tell(Decided(other, Transition((START,))))
    assert not orders(alone)
    alone.tell(Decided(right, Transition((STOP,))))
    alone.tell(Decided(right, Transition((START,))))
    alone.tell(Decided(other, Transition((START,))))
    assert [order.task for order in orders(alone)] == ["stop"], "the one that it waited for"


def test_what_was_decided_before_the_news_is_not_done(alone: Alone) -> None:
    """It is asked anew, once, and what it says then is done."""
    asked_before = questions(alone)
    alone.node.state_fact(NEWS)
    alone.wait(3.0)
    assert questions(alone) == asked_before, "one question at a time"
    assert not decide(alone, START)
    assert len(questions(alone)) == 1
    assert decide(alone, START)


def test_a_dc_that_has_left_office_does_nothing_that_was_decided_in_it(alone: Alone) -> None:
    """Back in office it asks by another name."""
    (question,) = questions(alone)
    alone.hear(quorate=False)
    alone.wait(3.0)
    assert not alone.node.seat.leads
    alone.tell(Decided(question, Transition((START,))))
    alone.hear(quorate=True)
    alone.wait(5.0)
    assert alone.node.seat.leads
    alone.tell(Decided(question, Transition((START,))))
    assert not orders(alone)
    assert question not in questions(alone)[1:]
    assert decide(alone, START)


def test_what_a_dc_walked_it_walks_no_further_in_its_next_office(alone: Alone) -> None:
    (order,) = decide(alone, START, replace(STOP, id=2), orderings=((1, 2),))
    alone.hear(quorate=False)
    alone.wait(3.0)
    alone.hear(quorate=True)
    alone.wait(5.0)
    done(alone, order)
    assert [told.task for told in orders(alone)] == ["start"]


def test_without_news_nothing_is_asked_for_a_while(alone: Alone) -> None:
    decide(alone)
    alone.wait(RECHECK - 1.0)
    assert asked(alone) == 0
    alone.wait(2.0)
    assert asked(alone) == 1


def test_the_pe_itself_says_when_time_alone_changes_its_mind(alone: Alone) -> None:
    decide(alone, recheck=RecheckAt(alone.node.clock() + 20.0, "a failure expires"))
    alone.wait(19.0)
    assert asked(alone) == 0
    alone.wait(2.0)
    assert asked(alone) == 1


def test_a_time_that_is_over_already_makes_it_ask_again_and_never_spin(alone: Alone) -> None:
    decide(alone, recheck=RecheckAt(0.0, "its clock is wrong"))
    assert asked(alone) == 0
    alone.wait(1.0)
    assert asked(alone) == 1


def test_news_end_a_walk_and_what_is_under_way_is_waited_for(alone: Alone) -> None:
    """The next decision would count on what is just changing."""
    (order,) = decide(alone, START, replace(STOP, id=2), orderings=((1, 2),))
    alone.node.state_fact(NEWS)
    alone.wait(3.0)
    assert asked(alone) == 0
    done(alone, order)
    alone.wait(0.1)
    assert len(orders(alone)) == 1, "no more of it is begun"
    assert asked(alone) == 1


def test_a_pe_that_fails_is_an_alarm_and_nobodys_end(alone: Alone) -> None:
    """It would fail again at once."""
    question = questions(alone)[-1]
    alone.said.clear()
    alone.tell(Decided(question, None, "no such score"))
    assert [a.message for a in alone.node.state.alarms] == ["no such score"]
    assert any("no such score" in said.text for said in alone.all(Say))
    alone.node.state_fact(NEWS)
    alone.wait(0.1)
    assert asked(alone) == 0
    alone.wait(RETRY)
    assert asked(alone) == 1


# ------------------------------------------------------------------ what is decided once more


def came_to_nothing(alone: Alone) -> None:
    """What was decided is done, and all is as it was."""
    (order,) = decide(alone, START)
    done(alone, order)
    alone.wait(0.1)


def test_what_was_just_begun_and_is_decided_once_more_waits(alone: Alone) -> None:
    """Results by a clock that is far behind: it would spin."""
    came_to_nothing(alone)
    assert not decide(alone, START)
    alone.wait(RETRY / 2)
    assert asked(alone) == 0
    alone.wait(RETRY / 2)
    assert decide(alone, START)


def test_something_else_does_not(alone: Alone) -> None:
    came_to_nothing(alone)
    assert decide(alone, STOP)


def test_nor_does_what_was_begun_a_while_ago(alone: Alone) -> None:
    came_to_nothing(alone)
    alone.wait(RETRY)
    assert decide(alone, START)


def test_nor_do_news(alone: Alone) -> None:
    """Only the same question has the same answer."""
    came_to_nothing(alone)
    assert not decide(alone, START)
    alone.node.state_fact(NEWS)
    alone.wait(0.1)
    assert asked(alone) == 1


# --------------------------------------------------------------------- what is on its way


def due(alone: Alone) -> None:
    """The PE is to be asked in a moment."""
    alone.tell(Wake())
    decide(alone, recheck=RecheckAt(alone.node.clock() + 1.0, ""))
    alone.wait(0.9)
    assert asked(alone) == 0


def on_its_way(alone: Alone, given: Any) -> list[Any]:
    """The disk has not written yet what follows from that; and the moment has come."""
    effects = alone.node.step(given, alone.now)
    alone.now += 0.2
    effects += alone.node.step(Wake(), alone.now)
    assert not [effect for effect in effects if isinstance(effect, AskPe)]
    return effects


def test_a_view_on_its_way_into_the_log_is_waited_for(alone: Alone) -> None:
    """Stated once, however often it is found."""
    alone.node.state.nodes["n2"] = NodeRecord("n2")
    alone.node.state.members["n2"] = Member("n2", 2, "data", bytes(32))
    due(alone)
    both = View(2, (("n1", 1), ("n2", 1)), True)
    effects = on_its_way(alone, LocalSaid(Heard(both, (), alone.now + 99.0)))
    stated = [waiting.event for waiting in alone.node.facts.waiting.values()]
    assert [type(event) for event in stated] == [ViewAgreed]
    alone.carry_out(effects)
    alone.wait(0.1)
    assert asked(alone) == 1


def test_so_is_the_need_of_a_fencing(alone: Alone) -> None:
    alone.node.state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1)
    alone.node.state.members["n2"] = Member("n2", 2, "data", bytes(32))
    due(alone)
    alone.node.coordination.shooting.want("n2", "reboot", "it is silent")
    effects = on_its_way(alone, Wake())
    alone.carry_out(effects)
    alone.wait(0.1)
    assert alone.node.state.intents
    assert asked(alone) == 1


@pytest.mark.parametrize("fencing", [True, False])
def test_without_fencing_nothing_is_decided_before_a_lost_node_has_stopped(fencing: bool) -> None:
    """With it, the PE is who has it fenced."""
    alone = Alone(CIB if fencing else CIB.replace("<crm_config/>", OPTIONS))
    decide(alone)
    alone.node.state.members["n2"] = Member("n2", 2, "data", bytes(32))
    alone.node.state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1, expected=True)
    assert alone.node.state.nodes["n2"].lost
    alone.node.state_fact(NEWS)
    alone.wait(1.0)
    assert asked(alone) == int(fencing)
    if not fencing:
        alone.node.state_fact(FencingConfirmed("q", "n2", 1, "operator"), "operator ann")
        alone.wait(1.0)
        assert asked(alone) == 1

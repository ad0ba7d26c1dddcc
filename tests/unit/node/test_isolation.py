"""What a node does by itself without quorum."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from hanode.effects import AskPe, Persist, Saved, TellHeart, TellLrm
from hanode.events import OperationFinished
from hanode.identity import verify
from hanode.inputs import Decided, LocalSaid, PartUp, WallClock
from hanode.local_messages import Refused, SelfRule, Standing
from hanode.node import Node
from hanode.node.isolation import AGAIN, in_a_row, own_stops
from hanode.settings import ISOLATION_STOP_LIMIT, Timing
from hanode.transition import Action, Agent, Transition
from tests.unit.node.alone import CIB, IDENTITY, Alone

STARTED = OperationFinished("n1", "web", "ocf:hanode:Dummy", "start", 0, 0, "done", 0)


def serving(option: str = "") -> Alone:
    """A service runs, and this is configured."""
    said = f'<cluster_property_set id="o"><nvpair id="o-1" {option}/></cluster_property_set>'
    alone = Alone(
        CIB.replace("<crm_config/>", f"<crm_config>{said if option else ''}</crm_config>")
    )
    alone.node.state_fact(STARTED)
    alone.running = 1
    alone.wait(3.0)
    return alone


def test_no_life_of_the_crm_asks_by_the_number_of_another() -> None:
    """Orders bear it, and the LRM, which lived on, does none of them twice."""
    alone = Alone()
    alone.node.state_fact(STARTED)
    alone.wait(3.0)
    first = questions(alone)
    log = alone.node.seat.log
    committed = max(write.committed for write in alone.all(Persist))
    saved = Saved(entries=log.after(0, log.durable), committed=committed)
    alone.node = Node("n1", 1, Timing(), IDENTITY, verify, Random(2), saved, alone.now)
    alone.tell(WallClock(5100.0))
    alone.tell(PartUp("lrm"))
    second = questions(alone)
    assert first
    assert second
    assert not first & second


def questions(alone: Alone) -> set[str]:
    """What the PE is asked once quorum is lost."""
    before = len(alone.said)
    alone.hear(quorate=False)
    alone.wait(12.0)
    asked = {effect.question for effect in alone.said[before:] if isinstance(effect, AskPe)}
    return {question for question in asked if question.startswith("alone.")}


STOPS = tuple(
    Action(n, "rsc", f"r{n}_stop_0", "stop", "n1", f"r{n}", agent=Agent("ocf", "hanode", "Dummy"))
    for n in (1, 2)
)


def ruled(alone: Alone, question: str) -> list[SelfRule]:
    """What its LRM is told when the PE gives this answer: two stops, one after the other."""
    told = alone.tell(Decided(question, Transition(STOPS, ((1, 2),))))
    return [e.message for e in told if isinstance(e, TellLrm) and isinstance(e.message, SelfRule)]


def isolated(option: str = "") -> tuple[Alone, str]:
    """Without quorum just now, and what it asks its PE."""
    alone = serving(option)
    alone.hear(quorate=False)
    alone.wait(0.1)
    asked = [effect.question for effect in alone.all(AskPe)]
    return alone, next(question for question in asked if question.startswith("alone."))


def test_an_answer_to_an_earlier_question_is_none() -> None:
    alone, question = isolated()
    assert ruled(alone, "alone.1") == []
    assert [rule.order.resource for rule in ruled(alone, question)] == ["r1"]


def test_only_where_the_others_count_on_it_is_the_limit_one_of_all() -> None:
    limits = []
    for option in ("", 'name="stonith-enabled" value="false"'):
        alone, question = isolated(option)
        (rule,) = ruled(alone, question)
        limits.append(rule.limit_ms)
    assert limits[0] == 1000 * ISOLATION_STOP_LIMIT
    assert limits[1] <= limits[0] / 2


def test_a_policy_that_leaves_alone_what_runs_asks_for_nothing() -> None:
    assert questions(serving())
    assert not questions(serving('name="no-quorum-policy" value="freeze"'))


def test_stops_that_wait_for_each_other_share_the_limit() -> None:
    """Ordered through a pseudo-action, which takes no time."""
    actions = [Action(n, "rsc", f"r{n}_stop_0", "stop", "n1", f"r{n}") for n in (1, 2, 3)]
    actions.append(Action(4, "pseudo", "group_stopped_0", "stopped"))
    orderings = ((1, 4), (4, 2))
    assert in_a_row(Transition(tuple(actions), orderings)) == {1: 2, 2: 1, 3: 1, 4: 1}


@pytest.mark.parametrize(
    ("option", "running"),
    [
        ("", 1),
        ('name="no-quorum-policy" value="stop"', 1),
        ('name="no-quorum-policy" value="freeze"', 0),
        ('name="maintenance-mode" value="true"', 0),
    ],
)
def test_a_watchdog_asks_for_quorum_only_where_its_operators_do(option: str, running: int) -> None:
    """While a switch is exchanged, say: what was told to run on is not reset."""
    alone = serving(option)
    told = [e.message for e in alone.all(TellHeart) if isinstance(e.message, Standing)]
    assert told[-1].running == running


def test_what_runs_here_is_the_lrms_word() -> None:
    """A node without quorum had stopped everything; its log, which then takes nothing, still said
    that it ran, so that the watchdog was not fed and the machine reset."""
    alone = serving()
    alone.hear(quorate=False)
    alone.running = 0
    alone.wait(3.0)
    told = [e.message for e in alone.all(TellHeart) if isinstance(e.message, Standing)]
    assert told[-1].running == 0


def test_what_its_lrm_is_at_already_keeps_nothing_else_from_being_stopped() -> None:
    """A former life of this crm had told it so: the rest ran on until that order was overdue."""
    alone, question = isolated()
    (rule,) = ruled(alone, question)
    alone.said.clear()
    alone.tell(LocalSaid(Refused(rule.order.id, "a stop of this node's own is under way")))
    alone.wait(AGAIN + 1.0)
    assert alone.all(AskPe)


def test_of_a_decision_a_node_without_quorum_does_its_own_stops_alone() -> None:
    """In their order: the rest counts as done by others."""
    stop, demote = STOPS[0], replace(STOPS[1], operation="demote")
    others = (
        replace(stop, id=3, node="n2"),
        replace(stop, id=4, operation="start"),
        replace(stop, id=5, operation="migrate_to"),
        replace(stop, id=6, kind="fence"),
    )
    transition = Transition((stop, demote, *others), ((1, 3), (3, 2)))
    own = own_stops(transition, "n1")
    assert [action.id for action in own.actions if not action.pseudo] == [1, 2]
    assert own.orderings == transition.orderings


def test_it_asks_one_question_at_a_time_and_none_while_it_stops() -> None:
    alone, question = isolated()
    alone.wait(3 * AGAIN)
    assert {e.question for e in alone.all(AskPe) if e.question.startswith("alone.")} == {question}
    alone.said.clear()
    assert ruled(alone, question)
    alone.wait(AGAIN)
    assert not alone.all(AskPe)


def test_what_came_of_anything_else_begins_no_stop_before_its_turn() -> None:
    """A DC's order of before, say."""
    alone, question = isolated()
    (rule,) = ruled(alone, question)
    number = rule.order.id.rpartition(".")[2]
    alone.said.clear()
    alone.tell(LocalSaid(Refused(f"1.1.{number}", "an order of an earlier term")))
    alone.tell(LocalSaid(Refused("", "")))
    assert not [e for e in alone.all(TellLrm) if isinstance(e.message, SelfRule)]


def test_an_answer_that_comes_once_quorum_is_back_stops_nothing() -> None:
    alone, question = isolated()
    alone.hear(quorate=True)
    assert ruled(alone, question) == []
    alone.wait(1.0)
    assert not [e for e in alone.all(TellLrm) if isinstance(e.message, SelfRule)]

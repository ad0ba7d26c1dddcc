"""What a node does by itself without quorum."""

from __future__ import annotations

from random import Random

import pytest

from hanode.effects import AskPe, Persist, Saved, TellHeart
from hanode.events import OperationFinished
from hanode.identity import verify
from hanode.inputs import PartUp, WallClock
from hanode.local_messages import Standing
from hanode.node import Node
from hanode.node.isolation import in_a_row
from hanode.settings import Timing
from hanode.transition import Action, Transition
from tests.unit.node.alone import CIB, IDENTITY, Alone

STARTED = OperationFinished("n1", "web", "ocf:hanode:Dummy", "start", 0, 0, "done", 0)


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
    said = f'<cluster_property_set id="o"><nvpair id="o-1" {option}/></cluster_property_set>'
    alone = Alone(
        CIB.replace("<crm_config/>", f"<crm_config>{said if option else ''}</crm_config>")
    )
    alone.node.state_fact(STARTED)
    alone.running = 1
    alone.wait(3.0)
    told = [e.message for e in alone.all(TellHeart) if isinstance(e.message, Standing)]
    assert told[-1].running == running


def test_what_runs_here_is_the_lrms_word() -> None:
    """A node without quorum had stopped everything; its log, which then takes nothing, still said
    that it ran, so that the watchdog was not fed and the machine reset."""
    alone = Alone()
    alone.node.state_fact(STARTED)
    alone.running = 1
    alone.wait(3.0)
    alone.hear(quorate=False)
    alone.running = 0
    alone.wait(3.0)
    told = [e.message for e in alone.all(TellHeart) if isinstance(e.message, Standing)]
    assert told[-1].running == 0

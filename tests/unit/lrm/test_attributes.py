"""Attributes that agents set: told at once, or dampened; lost with nothing but the node."""

from __future__ import annotations

import pytest

from hanode import inputs
from hanode.attributes import VALUE_LIMIT
from hanode.local_messages import AttributeGone, AttributeWanted
from hanode.lrm.attributes import Attributes
from tests.unit.lrm.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.take_term()
    return stage


def told(stage: Stage) -> list[tuple[str, str | None]]:
    """What the cluster heard since last asked."""
    news = [(m.name, m.value) for m in stage.told if isinstance(m, AttributeWanted)]
    stage.told = [m for m in stage.told if not isinstance(m, AttributeWanted)]
    return news


def say(stage: Stage, value: str | None, delay: float = 0.0) -> None:
    stage.give(inputs.AttributeSaid("pingd", value, delay))


def test_a_change_is_told_at_once(stage: Stage) -> None:
    say(stage, "100")
    say(stage, "100")
    assert told(stage) == [("pingd", "100")]
    say(stage, None)
    assert told(stage) == [("pingd", None)]


def test_a_dampened_change_is_told_later_and_then_the_latest(stage: Stage) -> None:
    say(stage, "100", 5.0)
    stage.wait(3.0)
    say(stage, "200", 5.0)
    assert told(stage) == []
    assert stage.lrm.attributes == {"pingd": "200"}  # the agent reads what it wrote
    stage.wait(2.1)
    assert told(stage) == [("pingd", "200")]


@pytest.mark.parametrize("name", ["fail-count-d#monitor_0", "last-failure-d#start_0", "#node-x"])
def test_what_is_the_clusters_own_no_agent_sets(stage: Stage, name: str) -> None:
    stage.give(inputs.AttributeSaid(name, "abc"))
    assert told(stage) == []
    stage.give(inputs.AttributeSaid("#health-cpu", "red"))
    assert told(stage) == [("#health-cpu", "red")]


def test_what_the_log_would_not_take_is_not_set(stage: Stage) -> None:
    stage.give(inputs.AttributeSaid("two words", "1"))
    stage.give(inputs.AttributeSaid("pingd", "x" * (VALUE_LIMIT + 1)))
    assert told(stage) == []
    assert stage.lrm.attributes == {}


def test_of_agents_attributes_there_are_only_so_many() -> None:
    held = Attributes(2, {"a": "1", "b": "1"})
    assert held.say("c", "1", 0.0, 0.0) == ("there are 2 attributes already", None)
    assert held.say("b", "2", 0.0, 0.0) == ("", AttributeWanted("b", "2"))
    held.say("a", None, 0.0, 0.0)
    assert held.say("c", "1", 0.0, 0.0) == ("", AttributeWanted("c", "1"))


def test_a_value_that_swings_back_in_time_is_no_news(stage: Stage) -> None:
    say(stage, "100")
    told(stage)
    say(stage, "0", 5.0)
    say(stage, "100", 5.0)
    stage.wait(60.0)
    assert told(stage) == []


def test_a_value_that_never_rests_is_told_all_the_same(stage: Stage) -> None:
    for step in range(20):
        say(stage, str(step), 5.0)
        stage.wait(1.0)
    assert len(told(stage)) >= 3


def test_a_change_without_dampening_does_not_wait_for_an_older_one(stage: Stage) -> None:
    say(stage, "100", 5.0)
    say(stage, "0")
    assert told(stage) == [("pingd", "0")]
    stage.wait(10.0)
    assert told(stage) == []


def test_a_report_says_what_was_told_and_a_restart_forgets_nothing(stage: Stage) -> None:
    say(stage, "100")
    say(stage, "0", 5.0)
    stage.reports()
    stage.take_term(2)
    assert stage.reports()[0].attributes == {"pingd": "100"}
    stage.born()
    stage.give(inputs.CrmConnected())
    assert ("pingd", "0") in told(stage)


def test_another_boot_knows_nothing_of_them(stage: Stage) -> None:
    say(stage, "100")
    stage.born(boot=2)
    assert stage.lrm.attributes == {}


def test_what_was_taken_away_is_told_until_the_log_knows(stage: Stage) -> None:
    """`crm_master -D` while the crm was away: the score stayed for the rest of the boot."""
    say(stage, "1000")
    say(stage, None)
    told(stage)
    stage.give(inputs.CrmConnected())
    assert told(stage) == [("pingd", None)]
    stage.reports()
    stage.take_term(2)
    (report,) = stage.reports()
    assert (report.attributes, report.gone) == ({}, ("pingd",))
    stage.say(AttributeGone("pingd"))
    stage.give(inputs.CrmConnected())
    assert told(stage) == []


def test_what_is_set_anew_is_not_taken_away(stage: Stage) -> None:
    say(stage, "1000")
    say(stage, None)
    say(stage, "5")
    told(stage)
    stage.give(inputs.CrmConnected())
    assert told(stage) == [("pingd", "5")]


@pytest.mark.parametrize("delay", [0.0, 5.0])
def test_a_restart_forgets_nothing_that_was_taken_away(stage: Stage, delay: float) -> None:
    say(stage, "1000")
    say(stage, None, delay)
    stage.born()
    told(stage)
    stage.give(inputs.CrmConnected())
    assert told(stage) == [("pingd", None)]

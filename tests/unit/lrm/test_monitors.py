"""Recurring monitors: their rhythm, their news, how they make way."""

from __future__ import annotations

import pytest

from hanode import effects, inputs
from hanode.local_messages import Telemetry
from tests.unit.lrm.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.take_term()
    stage.order("start")
    stage.end(0)
    stage.facts()
    return stage


def test_the_first_turn_is_at_once_and_the_next_an_interval_after_its_end(stage: Stage) -> None:
    order = stage.order("monitor", interval_ms=10_000)
    assert stage.at_work() == [("r1", "monitor")]
    stage.wait(2.0)
    stage.end(0)
    (fact,) = stage.facts()
    assert (fact.order, fact.interval_ms, fact.rc) == (order.id, 10_000, 0)
    stage.wait(9.9)
    assert stage.at_work() == []
    stage.wait(0.2)
    assert stage.at_work() == [("r1", "monitor")]


def test_the_same_answer_is_telemetry_and_another_one_is_news(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000)
    for rc in (0, 0, 7, 7, 0):
        stage.end(rc)
        stage.wait(1.1)
    assert [(f.rc, f.order != "") for f in stage.facts()] == [(0, True), (7, False), (0, False)]
    telemetry = [m for m in stage.told if isinstance(m, Telemetry)]
    assert len(telemetry) == 5
    assert telemetry[0].subject == "r1.monitor_1000"


def test_a_stop_ends_monitors_for_good_and_waits_for_a_turn_only_briefly(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000)
    stage.end(0)
    stage.wait(1.1)
    stage.order("stop")
    assert stage.at_work() == [("r1", "monitor")]
    stage.wait(0.25)
    assert [kill.hard for kill in stage.wanted(effects.Kill)] == [True]
    stage.end(-9)
    assert stage.at_work() == [("r1", "stop")]
    stage.facts()
    stage.end(0)
    stage.wait(5.0)
    assert stage.at_work() == []
    assert [f.task for f in stage.facts()] == ["stop"]
    stage.take_term(2)
    assert [f.task for f in stage.reports()[-1].operations] == ["start", "stop"]


def test_whoever_waits_for_a_first_answer_is_told_when_there_will_be_none(stage: Stage) -> None:
    monitor = stage.order("monitor", interval_ms=1000)
    stage.order("stop")
    assert [(f.order, f.status) for f in stage.facts()] == [(monitor.id, "cancelled")]


def test_a_promotion_lets_monitors_go_on_afterwards(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000)
    stage.end(0)
    stage.order("promote")
    stage.wait(3.0)
    assert stage.at_work() == [("r1", "promote")]
    stage.end(0)
    stage.wait(0.0)
    assert stage.at_work() == [("r1", "monitor")]


def test_cancel_ends_one_and_is_done_also_where_there_is_none(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000)
    stage.end(0)
    stage.facts()
    first = stage.order("cancel", operation="monitor", interval_ms=1000)
    second = stage.order("cancel", operation="monitor", interval_ms=9000)
    facts = stage.facts()
    assert [(f.order, f.task, f.status) for f in facts] == [
        (first.id, "monitor", "cancelled"), (second.id, "monitor", "cancelled"),
    ]  # fmt: skip
    stage.wait(5.0)
    assert stage.at_work() == []


def test_an_order_for_the_same_monitor_takes_its_place(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000, parameters={"a": "1"})
    stage.end(0)
    stage.order("monitor", interval_ms=1000, parameters={"a": "2"})
    (spawn,) = stage.spawned.values()
    assert spawn.env["OCF_RESKEY_a"] == "2"
    stage.end(0)
    assert len(stage.facts()) == 2
    stage.wait(1.0)
    assert len(stage.at_work()) == 1


def test_a_start_delay_is_kept(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000, meta={"start_delay": "5000"})
    stage.wait(4.9)
    assert stage.at_work() == []
    stage.wait(0.2)
    assert stage.at_work() == [("r1", "monitor")]


def test_a_first_turn_that_was_cut_short_is_taken_again_at_once(stage: Stage) -> None:
    monitor = stage.order("monitor", interval_ms=60_000)
    stage.order("promote")
    stage.wait(0.25)
    stage.end(-9)
    stage.end(0)
    assert stage.at_work() == [("r1", "monitor")]
    stage.end(8)
    assert [(f.task, f.rc) for f in stage.facts()] == [("promote", 0), ("monitor", 8)]
    assert monitor.id


def test_a_time_out_of_a_starving_machine_is_the_machines_a_few_times(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000, timeout_ms=2000)
    stage.end(0)
    stage.facts()
    stage.give(inputs.Pressure(12.0, 55.0, 0.0))
    for _ in range(4):
        stage.wait(3.5)
        stage.end(-15)
    (fact,) = stage.facts()
    assert fact.status == "timeout"
    said = [e.details["why"] for e in stage.effects if isinstance(e, effects.Say) and e.details]
    assert said == ["not done after 2 s while the machine starves (memory 55%)"] * 3


def test_a_start_has_no_such_excuse(stage: Stage) -> None:
    stage.give(inputs.Pressure(99.0, 99.0, 99.0))
    stage.order("start", timeout_ms=2000)
    stage.wait(2.5)
    stage.end(-15)
    assert [f.status for f in stage.facts()] == ["timeout"]


def test_a_turn_that_no_process_can_be_had_for_is_put_off(stage: Stage) -> None:
    """Found in the lab (no-more-processes): it was told as the resource's failure."""
    stage.order("monitor", interval_ms=10_000)
    stage.end(0)
    stage.facts()
    stage.wait(10.1)
    (token,) = stage.spawned
    stage.give(inputs.SpawnFailed(token, False, "no process to be had"))
    stage.spawned.clear()
    assert stage.facts() == []
    stage.wait(9.8)
    assert stage.at_work() == []
    stage.wait(0.3)
    assert stage.at_work() == [("r1", "monitor")]


def test_a_demotion_ends_the_watch_for_the_promoted_role(stage: Stage) -> None:
    """Lab, `resource delete` of a promotable one: watched as promoted between its demotion and its
    stop, it had failed."""
    for interval, role in ((1000, 8), (2000, 0)):
        stage.order("monitor", interval_ms=interval, expected_rc=role)
        stage.end(role)
    stage.facts()
    stage.order("demote")
    (ended,) = stage.facts()
    assert (ended.status, ended.interval_ms, ended.order) == ("cancelled", 1000, "")
    stage.end(0)
    assert [fact.task for fact in stage.facts()] == ["demote"]
    stage.wait(2.5)
    assert stage.at_work() == [("r1", "monitor")]
    stage.end(0)
    assert stage.facts() == []


def test_what_migrates_away_is_not_watched_any_more(stage: Stage) -> None:
    """Simulator, 2w seed 44105: a turn after it had gone was a failure, with on-fail=standby."""
    stage.order("monitor", interval_ms=1000)
    stage.end(0)
    stage.facts()
    stage.order("migrate_to")
    (ended,) = stage.facts()
    assert (ended.status, ended.interval_ms, ended.order) == ("cancelled", 1000, "")
    stage.end(0)
    stage.wait(3.0)
    assert stage.at_work() == []


def test_a_turn_that_can_t_be_killed_is_the_last_until_it_is_over(stage: Stage) -> None:
    stage.order("monitor", interval_ms=1000, timeout_ms=2000)
    stage.end(0)
    stage.facts()
    stage.wait(60.0)
    (stuck,) = stage.spawned
    assert [kill.hard for kill in stage.wanted(effects.Kill)] == [False, True]
    (fact,) = stage.facts()
    assert (fact.status, fact.reason) == ("timeout", "not done after 2 s")
    stage.end(-9, stuck)
    assert stage.facts() == []
    stage.wait(1.1)
    assert stage.at_work() == [("r1", "monitor")]
    stage.end(0)
    assert [fact.status for fact in stage.facts()] == ["done"]


@pytest.mark.parametrize("earlier", [1.0, 10.0])
def test_nor_is_one_taken_for_a_monitor_that_has_ended_since(stage: Stage, earlier: float) -> None:
    stage.order("monitor", interval_ms=1000, timeout_ms=2000)
    stage.wait(earlier)
    (stuck,) = stage.spawned
    stage.order("cancel", operation="monitor", interval_ms=1000)
    stage.wait(10.0)
    stage.end(-9, stuck)
    stage.wait(10.0)
    assert stage.at_work() == []

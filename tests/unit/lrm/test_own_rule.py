"""What a node decides for itself when it has lost quorum: stop within a limit, or kill."""

from __future__ import annotations

import pytest

from hanode import effects, inputs
from hanode.events import OperationFinished
from tests.unit.lrm.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.take_term()
    return stage


def results(stage: Stage) -> list[OperationFinished]:
    return [fact for fact in stage.facts() if fact.status != "pending"]


def test_the_crm_hears_at_once_what_is_about_to_stop(stage: Stage) -> None:
    """Simulator, 2w, seed 151123: quorum was back before it had ended, the DC, which had missed
    nothing of its own, started what rests upon it."""
    stage.rule("stop")
    assert [(fact.task, fact.status) for fact in stage.facts()] == [("stop", "pending")]


def test_only_stops_and_demotes(stage: Stage) -> None:
    stage.rule("start")
    assert "may stop and demote" in stage.refusals()[0].reason


def test_all_else_of_the_resource_makes_way_at_once(stage: Stage) -> None:
    stage.order("start")
    waiting = stage.order("promote")
    stage.rule("stop")
    assert [r.order for r in stage.refusals()] == [waiting.id]
    assert [kill.hard for kill in stage.wanted(effects.Kill)] == [True]
    stage.end(-9)
    assert [(f.task, f.status) for f in results(stage)] == [("start", "error")]
    assert stage.at_work() == [("r1", "stop")]
    stage.end(0)
    assert [(f.task, f.rc, f.status) for f in results(stage)] == [("stop", 0, "done")]


def test_a_stop_beyond_the_limit_is_a_kill_and_then_a_probe(stage: Stage) -> None:
    stop = stage.rule("stop", limit_ms=500)
    stage.wait(0.6)
    assert [e.resource for e in stage.wanted(effects.KillResource)] == ["r1"]
    stage.end(-9)
    assert stage.at_work() == [("r1", "monitor")]
    stage.end(7)
    (fact,) = results(stage)
    assert (fact.order, fact.task, fact.rc, fact.status) == (stop.id, "stop", 0, "done")
    assert "killed" in fact.reason


@pytest.mark.parametrize("rc", [1, 5, -9])
def test_a_stop_that_fails_is_a_kill_and_a_probe_at_once(stage: Stage, rc: int) -> None:
    stage.rule("stop")
    stage.end(rc)
    assert [e.resource for e in stage.wanted(effects.KillResource)] == ["r1"]
    assert stage.at_work() == [("r1", "monitor")]
    stage.end(7)
    assert [(f.task, f.rc, f.status) for f in results(stage)] == [("stop", 0, "done")]


def test_a_machine_that_cant_fork_a_stop_can_still_kill(stage: Stage) -> None:
    stage.rule("stop")
    stage.give(inputs.SpawnFailed(next(iter(stage.spawned)), False, "no memory"))
    assert len(stage.wanted(effects.KillResource)) == 1


@pytest.mark.parametrize("rc", [0, 1, 8])
def test_a_probe_that_finds_more_is_a_failed_stop(stage: Stage, rc: int) -> None:
    stage.rule("stop", limit_ms=500)
    stage.wait(0.6)
    stage.end(-9)
    stage.end(rc)
    (fact,) = results(stage)
    assert (fact.rc, fact.status) == (1, "timeout")


def test_the_limit_holds_also_behind_an_agent_that_cant_be_killed(stage: Stage) -> None:
    stage.order("start")
    stage.rule("stop", limit_ms=500)
    stage.wait(0.6)
    assert len(stage.wanted(effects.KillResource)) == 1
    assert [(f.task, f.status) for f in results(stage)] == [("stop", "timeout")]


def test_results_wait_for_the_log(stage: Stage) -> None:
    stop = stage.rule("stop")
    stage.end(0)
    results(stage)
    stage.born()
    stage.give(inputs.CrmConnected())
    assert [f.order for f in results(stage)] == [stop.id]

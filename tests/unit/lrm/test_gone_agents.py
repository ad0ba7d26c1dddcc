"""Agents that are gone, can't be called, or could not look: what is known of the service then.

(Each was found by the simulator: a second copy was started, or a node was fenced for naught.)"""

from __future__ import annotations

import pytest

from hanode import effects, inputs
from tests.unit.lrm.stage import Stage

CALLED_WRONGLY = "heartbeat:IPaddr"
"""With parameters of other names than 1, 2, 3: no command can be made of that."""


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.take_term()
    return stage


def gone(stage: Stage) -> None:
    """The agent at work turns out not to be there."""
    token = next(iter(stage.spawned))
    del stage.spawned[token]
    stage.give(inputs.SpawnFailed(token, True, "No such file or directory"))


def test_a_stop_of_what_was_found_missing_is_done(stage: Stage) -> None:
    stage.order("start")
    gone(stage)
    stage.order("stop")
    gone(stage)
    assert [(f.task, f.status, f.rc) for f in stage.facts()] == [
        ("start", "not-installed", 5), ("stop", "done", 0),
    ]  # fmt: skip


def test_what_a_migration_may_have_brought_is_not_stopped_without_an_agent(stage: Stage) -> None:
    stage.order("monitor")
    stage.end(7)
    stage.order("migrate_from", meta={"migrate_source": "n2", "migrate_target": "n1"})
    gone(stage)
    stage.order("stop")
    gone(stage)
    assert stage.facts()[-1].status == "not-installed"


def test_a_stop_of_what_nobody_was_ever_asked_to_start_here_is_not_done_without_an_agent(
    stage: Stage,
) -> None:
    """Another node may have pushed it here, and never said so."""
    stage.order("monitor")
    stage.end(7)
    stage.order("stop")
    gone(stage)
    assert stage.facts()[-1].status == "not-installed"


def test_a_look_at_what_runs_and_has_lost_its_agent_does_not_find_it_stopped(stage: Stage) -> None:
    stage.order("start")
    stage.end(0)
    stage.order("monitor")
    gone(stage)
    fact = stage.facts()[-1]
    assert (fact.status, fact.rc) == ("done", 1)
    assert "was running here" in fact.reason


def test_what_was_never_executed_runs_nowhere(stage: Stage) -> None:
    for task in ("start", "stop"):
        stage.order(task, agent=CALLED_WRONGLY, parameters={"ip": "1"})
    assert stage.at_work() == []
    assert [(f.task, f.rc) for f in stage.facts()] == [("start", 6), ("stop", 0)]


def test_the_turn_of_a_monitor_that_is_no_more_is_a_leftover_for_the_next_life(
    stage: Stage,
) -> None:
    stage.order("start")
    stage.end(0)
    stage.order("monitor", interval_ms=1000)
    stage.end(0)
    stage.wait(1.1)
    (token,) = stage.spawned
    stage.give(inputs.Spawned(token, 4711))
    stage.order("cancel", operation="monitor", interval_ms=1000)
    stage.born()
    (leftover,) = stage.wanted(effects.KillLeftover)
    assert leftover.pid == 4711
    stage.spawned.clear()
    stage.give(inputs.ProcessEnded(leftover.token, -9, b"", b"", 0))
    assert stage.at_work() == []


def test_a_new_boot_remembers_what_may_still_run_as_its_agent_is_gone(stage: Stage) -> None:
    """Services outlive a node's hanode: that nobody can look is no sign that they ended."""
    stage.order("start")
    stage.end(0)
    stage.born(boot=2)
    stage.take_term(2)
    stage.order("monitor", term=2)
    gone(stage)
    assert stage.facts()[-1].rc == 1

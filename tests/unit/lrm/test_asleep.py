"""An LRM that was asleep: what it finds when it wakes up may be of then."""

from __future__ import annotations

import pytest

from .stage import Stage


@pytest.fixture
def stage() -> Stage:
    """It slept for a while, and nobody woke it meanwhile."""
    stage = Stage()
    stage.take_term()
    stage.order("start", resource="r1", given_at=stage.now)
    stage.order("stop", resource="r1", given_at=stage.now)
    stage.order("start", resource="r1", given_at=stage.now)
    stage.now += 3.0
    return stage


def test_what_was_ordered_before_is_not_started(stage: Stage) -> None:
    """Simulator, 3 nodes, dense, seed 132276: its node was cut off meanwhile, its heartbeat process
    woke up first, and got a lease."""
    waited = stage.order("start", resource="r2", given_at=stage.now - 2.0)
    refused = {refused.order: refused.reason for refused in stage.refusals()}
    assert len(refused) == 2
    assert "asleep" in refused[waited.id]
    assert stage.at_work() == [("r1", "start")], "what had begun goes on"


def test_what_it_is_at_is_not_refused_for_having_been_brought_once_more(stage: Stage) -> None:
    again = stage.order("start", resource="r1", given_at=stage.now - 1.0, id="1.1.1")
    assert again.id not in [refused.order for refused in stage.refusals()]


def test_what_stops_something_is_done(stage: Stage) -> None:
    stage.order("stop", resource="r2", given_at=stage.now - 2.0)
    stage.end()
    assert stage.at_work() == [("r2", "stop"), ("r1", "stop")]


def test_what_is_ordered_since_is_started(stage: Stage) -> None:
    stage.order("start", resource="r2", given_at=stage.now)
    assert stage.at_work() == [("r1", "start"), ("r2", "start")]


def test_who_was_woken_in_time_was_not_asleep() -> None:
    stage = Stage()
    stage.take_term()
    stage.wait(10.0)
    stage.order("start", given_at=stage.now - 9.0)
    assert stage.at_work() == [("r1", "start")]

"""Where who runs the LRM may be gone before an operation ends, the log knows of it first."""

from __future__ import annotations

import pytest

from hanode.local_messages import Finished, Noted
from hanode.lrm import Limits
from tests.unit.lrm.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage(limits=Limits(intent_first=True))
    stage.take_term()
    return stage


def note_all(stage: Stage) -> None:
    """The crm has all that it was told in the log."""
    for finished in [m for m in stage.told if isinstance(m, Finished)]:
        stage.say(Noted(finished.number))


@pytest.mark.parametrize("task", ["start", "promote", "migrate_to", "migrate_from"])
def test_what_brings_up_begins_when_the_log_has_its_intent(stage: Stage, task: str) -> None:
    order = stage.order(task)
    assert stage.at_work() == []
    note_all(stage)
    assert stage.at_work() == [("r1", task)]
    (intent,) = stage.facts()
    assert (intent.task, intent.status, intent.order) == (task, "pending", "")
    stage.end()
    (done,) = stage.facts()
    assert (done.status, done.order) == ("done", order.id)
    assert done.call_id > intent.call_id


@pytest.mark.parametrize("task", ["stop", "demote", "monitor"])
def test_all_else_begins_at_once(stage: Stage, task: str) -> None:
    stage.order(task)
    assert stage.at_work() == [("r1", task)]


def test_what_the_log_never_takes_is_not_begun(stage: Stage) -> None:
    stage.order("start")
    stage.wait(10.0)
    assert stage.at_work() == []
    assert [fact.status for fact in stage.facts()] == ["pending", "error"]


def test_where_nobody_asked_for_it_nothing_waits() -> None:
    stage = Stage()
    stage.take_term()
    stage.order("start")
    assert stage.at_work() == [("r1", "start")]
    assert stage.facts() == []

"""The term of an LRM: on its disk before it counts, and what an old one may still do."""

from __future__ import annotations

import pytest

from hanode import effects, inputs
from hanode.local_messages import TakeTerm
from hanode.peer_messages import Order
from tests.unit.lrm.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.take_term()
    return stage


def test_a_term_is_on_disk_before_it_is_said_to_be_taken() -> None:
    stage = Stage()
    write, stage.write = stage.write, lambda term: None  # type: ignore[method-assign]
    stage.take_term(7)
    stage.wait(1.5)  # it is slow, which is no reason to go without
    assert stage.reports() == []
    write(7)
    (taken,) = stage.reports()
    assert (taken.term, taken.operations) == (7, ())
    assert stage.disk_term == 7


def test_a_disk_that_takes_nothing_keeps_nobody_from_saying_what_runs() -> None:
    """Else its node would be fenced for its silence, with all that it runs."""
    stage = Stage()
    stage.take_term(7)
    stage.disk_ok = False
    stage.take_term(8)
    assert [report.term for report in stage.reports()] == [7, 8]


def test_a_new_life_starts_nothing_before_its_disk_has_taken_its_term_again() -> None:
    """The life before may have heard of a later one, and could not keep it."""
    stage = Stage()
    stage.take_term(1)
    stage.disk_ok = False
    stage.born()
    stage.order("start", "r1")
    stage.order("monitor", "r2")
    assert stage.at_work() == [("r2", "monitor")]
    assert [(f.status, f.rc) for f in stage.facts()] == [("error", 4)]


def test_no_agent_is_forked_before_its_term_is_on_disk() -> None:
    stage = Stage()
    told = stage.lrm.step(inputs.LocalSaid(_order("start")), 100.0)
    assert [type(e).__name__ for e in told if not isinstance(e, effects.TellCrm)] == [
        "SaveTable", "WriteTerm",
    ]  # fmt: skip
    told = stage.lrm.step(inputs.TermWritten(1, True), 100.1)
    (asked,) = [e for e in told if isinstance(e, effects.Spawn)]
    assert asked.argv[1] == "meta-data"
    told = stage.lrm.step(inputs.ProcessEnded(asked.token, 0, b"", b"", 5), 100.2)
    assert [e.argv[1] for e in told if isinstance(e, effects.Spawn)] == ["start"]


def test_a_disk_that_takes_no_term_allows_only_what_starts_nothing() -> None:
    stage = Stage()
    stage.disk_ok = False
    stage.order("start", "r1")
    stage.order("stop", "r2")
    stage.order("demote", "r3")
    stage.order("monitor", "r4")
    assert stage.at_work() == [("r2", "stop"), ("r3", "demote"), ("r4", "monitor")]
    (fact,) = stage.facts()
    assert (fact.task, fact.status, fact.rc) == ("start", "error", 4)
    assert fact.reason == "term 1 can't be written to disk here"


def test_a_disk_that_hangs_holds_no_stop_back_for_long() -> None:
    stage = Stage()
    stage.write = lambda term: None  # type: ignore[method-assign]
    stage.order("start", "r1")
    stage.order("stop", "r2")
    stage.wait(0.9)
    assert stage.at_work() == []
    stage.wait(0.2)
    assert stage.at_work() == [("r2", "stop")]


def test_orders_of_an_old_term_or_boot_or_for_others_are_refused(stage: Stage) -> None:
    stage.take_term(5)
    stage.order("start", term=4)
    stage.say(_order("start", id="5.1.9", term=5, boot=2))
    stage.say(_order("start", id="5.1.8", term=5, node="n2"))
    reasons = [refused.reason for refused in stage.refusals()]
    assert reasons == [
        "order of term 4; this node has seen term 5",
        "for boot 2; this is boot 1",
        "for node n2; this is n1",
    ]
    assert stage.at_work() == []


def test_an_old_term_or_one_for_another_boot_is_owed_no_report(stage: Stage) -> None:
    stage.take_term(5)
    stage.reports()
    stage.take_term(4)
    stage.say(TakeTerm(6, boot=2))
    assert stage.reports() == []
    assert [refused.reason for refused in stage.refusals()] == [
        "this node has seen term 5",
        "for boot 2; this is boot 1",
    ]
    assert stage.disk_term == 5


def test_what_waits_under_an_old_term_is_not_begun(stage: Stage) -> None:
    stage.order("start")
    waiting = stage.order("monitor")
    stage.take_term(2)
    assert [refused.order for refused in stage.refusals()] == [waiting.id]
    (taken,) = stage.reports()[1:]
    assert [(f.task, f.status) for f in taken.operations] == [("start", "pending")]
    stage.end(0)
    assert [(f.task, f.status) for f in stage.facts()] == [("start", "done")]
    assert stage.at_work() == []


def _order(task: str, **more: object) -> Order:
    given = {"id": "1.1.1", "term": 1, "node": "n1", "boot": 1, "resource": "r1",
             "agent": "ocf:hanode:Dummy", **more}  # fmt: skip
    return Order(task=task, **given)  # type: ignore[arg-type]

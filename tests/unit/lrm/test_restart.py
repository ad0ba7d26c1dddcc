"""A new life of the lrm goes on where the last one ended; a new boot only clears up."""

from __future__ import annotations

import pytest

from hanode import effects, inputs
from hanode.local_messages import AloneRule, AttributeWanted, FenceResult
from hanode.lrm import Limits, saved
from hanode.peer_messages import ISOLATED, Device, FenceOrder
from tests.unit.lrm.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.take_term()
    stage.order("start")
    stage.end(0)
    stage.order("monitor", interval_ms=1000)
    stage.end(0)
    stage.give(inputs.AttributeSaid("master-r1", "5"))
    return stage


def leftovers_end(stage: Stage) -> None:
    for leftover in stage.wanted(effects.KillLeftover):
        stage.give(inputs.ProcessEnded(leftover.token, -9, b"", b"", 0))


def test_results_monitors_and_attributes_stay(stage: Stage) -> None:
    stage.born()
    stage.facts()
    stage.take_term()
    taken = stage.reports()[-1]
    assert [(f.task, f.interval_ms, f.rc) for f in taken.operations] == [
        ("start", 0, 0), ("monitor", 1000, 0),
    ]  # fmt: skip
    assert taken.attributes == {"master-r1": "5"}
    assert stage.at_work() == [("r1", "monitor")]
    stage.end(0)
    assert stage.facts() == []
    stage.wait(1.1)
    stage.end(7)
    assert [f.rc for f in stage.facts()] == [7]


def test_call_ids_and_numbers_go_on(stage: Stage) -> None:
    last = stage.facts()[-1].call_id
    stage.born()
    stage.order("monitor")
    stage.end(0)
    stage.end(0)
    assert stage.facts()[-1].call_id > last


@pytest.mark.parametrize("task", ["start", "stop", "monitor", "promote", "demote"])
def test_what_may_be_repeated_is_repeated_once_its_agent_is_gone(stage: Stage, task: str) -> None:
    order = stage.order(task, "r2")
    token = next(iter(stage.spawned))
    stage.give(inputs.Spawned(token, 4711))
    mark = stage.spawned[token].env["HANODE_OPERATION"]
    stage.spawned.clear()
    stage.born()
    stage.take_term()
    (leftover,) = [e for e in stage.effects if isinstance(e, effects.KillLeftover)]
    assert (leftover.mark, leftover.pid) == (mark, 4711)
    assert stage.at_work() == []
    assert len(stage.reports()) == 1  # of its life before; this one has not reported yet
    leftovers_end(stage)
    assert ("r2", task) in stage.at_work()
    assert len(stage.reports()) == 1
    for _ in range(2):
        stage.end(0)
    assert order.id in [f.order for f in stage.facts()]


def test_of_what_may_not_be_repeated_nobody_knows(stage: Stage) -> None:
    order = stage.order("migrate_to", "r2")
    stage.spawned.clear()
    stage.born()
    leftovers_end(stage)
    facts = {f.order: f.status for f in stage.facts()}
    assert facts[order.id] == "error"


def test_what_was_begun_may_run_though_a_new_dc_wants_it_no_more(stage: Stage) -> None:
    """It ran, the next DC was told that it was refused, and had it started elsewhere."""
    begun = stage.order("start", "r2")
    waits = stage.order("promote", "r2")
    stage.spawned.clear()
    for _ in range(2):
        stage.born()
    stage.take_term(2)
    leftovers_end(stage)
    assert ("r2", "start") not in stage.at_work()
    facts = {f.order: (f.task, f.status) for f in stage.facts()}
    assert facts[begun.id] == ("start", "error")
    assert waits.id not in facts


def test_what_only_waited_is_begun(stage: Stage) -> None:
    stage.order("start", "r2")
    stage.order("promote", "r2")
    stage.spawned.clear()
    stage.born()
    leftovers_end(stage)
    assert ("r2", "start") in stage.at_work()
    stage.end(0, token=next(t for t, s in stage.spawned.items() if s.argv[1] == "start"))
    assert ("r2", "promote") in stage.at_work()


def test_what_was_under_way_comes_before_what_is_new(stage: Stage) -> None:
    stage.order("start", "r2")
    stage.spawned.clear()
    stage.born()
    stage.order("stop", "r2")
    assert stage.at_work() == []
    leftovers_end(stage)
    assert ("r2", "start") in stage.at_work()
    stage.end(0, token=next(t for t, s in stage.spawned.items() if s.argv[1] == "start"))
    assert ("r2", "stop") in stage.at_work()


def test_an_order_done_before_is_not_done_again(stage: Stage) -> None:
    order = stage.order("start", "r3")
    stage.end(0)
    stage.born()
    stage.spawned.clear()
    stage.facts()
    stage.say(order)
    assert stage.at_work() == []
    assert [f.order for f in stage.facts()] == [order.id]


def test_a_new_boot_ends_leftovers_and_knows_nothing_more(stage: Stage) -> None:
    stage.order("start", "r2")
    stage.spawned.clear()
    stage.born(boot=2)
    stage.facts()
    stage.take_term(2)
    assert stage.at_work() == []
    reported = len(stage.reports())
    leftovers_end(stage)
    (taken,) = stage.reports()
    assert reported == 1
    assert (taken.boot, taken.operations, taken.attributes) == (2, (), {})
    assert stage.at_work() == []


def test_a_new_boot_that_dies_early_still_leaves_the_leftovers_to_the_next(stage: Stage) -> None:
    stage.order("start", "r2")
    stage.born(boot=2)
    stage.born(boot=3)
    assert len(stage.wanted(effects.KillLeftover)) == 2


def test_a_torn_table_is_read_up_to_where_it_tears(stage: Stage) -> None:
    words = saved.unpack(stage.table)
    assert saved.unpack(stage.table[:-3]) == words[:-1]
    assert saved.unpack(b"\xff" * 40) == []


def test_a_fencing_that_was_cut_short_is_reported_and_a_switching_on_goes_on(stage: Stage) -> None:
    device = Device("d", "fence_demo", "n2")
    stage.say(FenceOrder("1.2.1", 1, "n1", 1, "q1", "n2", 4, "off", ((device,),)))
    stage.say(FenceOrder("1.2.2", 1, "n1", 1, "q2", "n3", 4, "reboot", ((device,),)))
    second = min(stage.spawned)
    stage.end(0, token=second)
    stage.end(2, token=min(stage.spawned))
    (result,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert (result.request, result.ok, result.evidence) == ("q2", True, "power-verified")
    stage.told.clear()
    stage.spawned.clear()
    stage.born()
    leftovers_end(stage)
    (lost,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert (lost.request, lost.ok, lost.evidence) == ("q1", False, "")
    assert ("n2", "on") in stage.at_work()


def test_who_was_to_be_let_in_may_have_been_cut_off_since(stage: Stage) -> None:
    device = Device("switch", "fence_demo", "n2", evidence=ISOLATED)
    stage.say(FenceOrder("1.2.1", 1, "n1", 1, "unfence.q1", "n2", 4, "on", ((device,),)))
    stage.spawned.clear()
    stage.born()
    leftovers_end(stage)
    (lost,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert (lost.request, lost.ok) == ("unfence.q1", False)
    assert ("n2", "on") not in stage.at_work()


def test_an_order_to_fence_whose_answer_is_lost_is_answered_all_the_same(stage: Stage) -> None:
    """The lrm had answered, the crm died before it could use that, then the lrm, too."""
    order = FenceOrder(
        "1.2.1", 1, "n1", 1, "q1", "n2", 4, "off", ((Device("d", "fence_demo", "n2"),),)
    )
    stage.say(order)
    stage.end(0)
    stage.end(2)
    stage.told.clear()
    stage.born()
    stage.say(order)
    (lost,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert (lost.request, lost.ok, lost.evidence) == ("q1", False, "")


def test_a_reconnected_crm_hears_attributes_again(stage: Stage) -> None:
    stage.told.clear()
    stage.give(inputs.CrmConnected())
    assert AttributeWanted("master-r1", "5") in stage.told


def test_words_that_come_again_and_again_crowd_no_term_out(stage: Stage) -> None:
    """An agent that could not be killed kept a new life waiting for minutes; without fencing its
    crm says every moment what to do without it. A term that came then was dropped, and never said
    again: the node was not heard out any more."""
    stage.order("start", "r2")
    stage.spawned.clear()
    stage.born()
    for stop in (True, False, True):
        for _ in range(Limits().held):
            stage.say(AloneRule(stop))
    stage.take_term(2)
    leftovers_end(stage)
    assert [report.term for report in stage.reports()][-1] == 2
    assert stage.lrm._alone.stop

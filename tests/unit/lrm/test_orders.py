"""Orders: once each, in line for each resource, and always answered."""

from __future__ import annotations

import pytest

from hanode import effects, inputs
from hanode.local_messages import FenceResult, Forget, Noted, Recall
from hanode.lrm import Limits
from hanode.peer_messages import Device, FenceOrder
from tests.unit.lrm.stage import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.take_term()
    return stage


def test_what_is_recalled_is_refused_unless_it_came(stage: Stage) -> None:
    order = stage.order("start", "r1")
    stage.say(Recall(order.id))
    assert stage.refusals() == []
    stage.say(Recall("1.1.99"))
    assert [refusal.order for refusal in stage.refusals()] == ["1.1.99"]


def test_an_order_is_carried_out_once(stage: Stage) -> None:
    order = stage.order("start")
    stage.say(order)
    stage.end(0)
    stage.say(order)
    assert [f.order for f in stage.facts()] == [order.id, order.id]
    assert stage.at_work() == []


def test_one_after_the_other_for_a_resource_and_side_by_side_for_several(stage: Stage) -> None:
    stage.order("start", "r1")
    stage.order("monitor", "r1")
    stage.order("start", "r2")
    assert stage.at_work() == [("r1", "start"), ("r2", "start")]
    stage.end(0)
    assert stage.at_work() == [("r2", "start"), ("r1", "monitor")]


def test_a_line_has_an_end() -> None:
    stage = Stage(limits=Limits(waiting=2))
    for _ in range(4):
        stage.order("monitor")
    assert [refused.reason for refused in stage.refusals()] == ["2 operations of r1 wait already"]


def test_an_order_that_never_gets_its_turn_is_answered_all_the_same() -> None:
    stage = Stage(limits=Limits(jobs=1))
    stage.order("start", "r1", timeout_ms=60_000)
    waiting = stage.order("start", "r2", timeout_ms=50_000)
    stage.wait(5.1)
    (fact,) = stage.facts()
    assert (fact.order, fact.status) == (waiting.id, "error")
    assert "not begun in 5.0 s" in fact.reason


def test_so_many_agents_at_once_but_stops_go_on() -> None:
    stage = Stage(limits=Limits(jobs=2))
    for n in range(4):
        stage.order("start", f"r{n}")
    stage.order("stop", "r9")
    assert [r for r, _ in stage.at_work()] == ["r0", "r1", "r9"]
    stage.end(0)
    stage.end(0)
    assert [r for r, _ in stage.at_work()] == ["r9", "r2"]


def test_the_facts_of_an_operation(stage: Stage) -> None:
    stage.give(inputs.WallClock(1_000_000.0))
    order = stage.order("start", digest="abc", expected_rc=0)
    stage.wait(0.25)
    stage.end(1, out=b"starting", err=b"ocf-exit-reason:no disk\n")
    (fact,) = stage.facts()
    assert (fact.rc, fact.status, fact.reason) == (1, "done", "no disk")
    assert fact.tail == "starting\nocf-exit-reason:no disk"
    assert (fact.at, fact.order, fact.digest, fact.call_id) == (1_000_000.25, order.id, "abc", 1)


@pytest.mark.parametrize(
    ("exit_code", "reason"),
    [(-9, "the agent was ended by signal 9"),
     (77, "the agent ended with 77, which is no OCF exit code")],
)  # fmt: skip
def test_odd_ends_are_errors_with_a_reason(stage: Stage, exit_code: int, reason: str) -> None:
    stage.order("start")
    stage.end(exit_code)
    (fact,) = stage.facts()
    assert (fact.rc, fact.status, fact.reason) == (1, "done", reason)


def test_a_machine_that_cant_fork_is_no_fault_of_the_resource(stage: Stage) -> None:
    stage.order("monitor")
    (token,) = stage.spawned
    stage.give(inputs.SpawnFailed(token, False, "no memory"))
    (fact,) = stage.facts()
    assert (fact.status, fact.reason) == ("error", "no memory")


def test_starts_and_promotes_ask_for_the_lease_and_nothing_else_does(stage: Stage) -> None:
    for task in ("start", "promote", "stop", "demote", "monitor"):
        stage.order(task, task)
    stage.order("start", "free", needs_quorum=False)
    stage.order("start", "device", agent="stonith:fence_demo")
    checked = [s.argv[1] for s in stage.spawned.values() if s.lease_checked]
    assert checked == ["start", "promote"]


def test_no_lease_is_a_refusal_not_a_failure(stage: Stage) -> None:
    order = stage.order("start")
    stage.give(inputs.SpawnFailed(next(iter(stage.spawned)), False, "no lease", no_lease=True))
    assert [r.order for r in stage.refusals()] == [order.id]
    assert stage.facts() == []
    stage.spawned.clear()
    stage.say(order)  # given again, it is looked at again: it was never carried out
    assert stage.at_work() == [("r1", "start")]


def test_a_fencing_that_a_crm_may_have_missed_is_said_again(stage: Stage) -> None:
    device = Device("d", "fence_demo", "n2")
    stage.say(FenceOrder("1.1.1", 1, "n1", 1, "q", "n2", 1, "off", ((device,),)))
    stage.end(0)
    stage.end(2)
    stage.told.clear()
    stage.give(inputs.CrmConnected())
    assert [m.evidence for m in stage.told if isinstance(m, FenceResult)] == ["power-verified"]
    stage.wait(31.0)
    stage.told.clear()
    stage.give(inputs.CrmConnected())
    assert not [m for m in stage.told if isinstance(m, FenceResult)]


@pytest.mark.parametrize(
    ("evidence", "ends"), [("isolation-verified", True), ("power-verified", False)]
)
def test_a_new_term_ends_a_letting_in_of_an_older_one(
    stage: Stage, evidence: str, ends: bool
) -> None:
    """The new DC may have the node cut off by another one, verified; then the port was opened."""
    device = Device("d", "fence_demo", "n2", {}, evidence)
    stage.say(FenceOrder("1.1.1", 1, "n1", 1, "q", "n2", 1, "on", ((device,),)))
    stage.take_term(2)
    killed = [effect for effect in stage.effects if isinstance(effect, effects.Kill)]
    assert bool(killed) is ends
    stage.end(-9 if ends else 0)
    (result,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert result.ok is not ends


def test_a_timeout_is_sigterm_then_sigkill_then_giving_up(stage: Stage) -> None:
    stage.order("stop", timeout_ms=3000)
    stage.wait(2.9)
    assert stage.wanted(effects.Kill) == []
    stage.wait(0.2)
    stage.wait(1.0)
    assert [kill.hard for kill in stage.wanted(effects.Kill)] == [False, True]
    stage.wait(2.0)
    (fact,) = stage.facts()
    assert (fact.status, fact.reason) == ("timeout", "not done after 3 s")
    stage.end(-9)  # at last; nobody asks any more
    assert stage.facts() == []


def test_noted_facts_are_not_said_again(stage: Stage) -> None:
    for n in range(3):
        stage.order("start", f"r{n}")
        stage.end(0)
    stage.told.clear()
    stage.say(Noted(2))
    stage.give(inputs.CrmConnected())
    assert [f.resource for f in stage.facts()] == ["r0", "r2"]


def test_a_cleared_history_is_not_reported(stage: Stage) -> None:
    stage.order("start")
    stage.end(1)
    stage.say(Forget("r1", up_to=99))
    stage.take_term(2)
    assert stage.reports()[-1].operations == ()


def test_a_fence_device_is_monitored_only_once_started(stage: Stage) -> None:
    stage.order("monitor", "f1", agent="stonith:fence_demo", expected_rc=7)
    assert [f.rc for f in stage.facts()] == [7]
    stage.order("start", "f1", agent="stonith:fence_demo", parameters={"strip": "/s"})
    assert stage.at_work() == [("", "monitor")]
    stage.end(0)
    stage.order("monitor", "f1", agent="stonith:fence_demo")
    assert stage.at_work() == [("", "monitor")]
    stage.end(1)
    stage.order("stop", "f1", agent="stonith:fence_demo")
    assert [(f.task, f.rc) for f in stage.facts()] == [("start", 0), ("monitor", 1), ("stop", 0)]


def test_a_node_does_not_fence_itself(stage: Stage) -> None:
    stage.say(FenceOrder("1.1.1", 1, "n1", 1, "q", "n1", 1, "off", ()))
    (result,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert (result.ok, result.evidence) == (False, "")
    assert "can't fence itself" in result.reason


def test_unknown_classes_say_so(stage: Stage) -> None:
    stage.order("start", agent="upstart:foo")
    (first,) = stage.facts()
    assert first.status == "not-installed"
    assert "no class 'upstart'" in first.reason


def test_what_was_never_started_and_has_no_agent_is_stopped(stage: Stage) -> None:
    stage.order("start", "r1", agent="upstart:foo")
    stage.order("stop", "r1", agent="upstart:foo")
    start, stop = stage.facts()
    assert start.status == "not-installed"
    assert (stop.status, stop.rc) == ("done", 0)
    assert "nothing of it runs here" in stop.reason


def test_what_was_started_and_has_lost_its_agent_is_not(stage: Stage) -> None:
    stage.order("start")
    stage.end(0)
    stage.order("stop")
    stage.give(inputs.SpawnFailed(max(stage.spawned), True, "no such file"))
    assert stage.facts()[-1].status == "not-installed"


def test_a_clean_up_of_long_ago_takes_nothing_that_came_after_it() -> None:
    """Simulator, 2 nodes, seed 48047: a crm that was started again heard of it once more, amid a
    migration, whose source then told nothing of it."""
    stage = Stage()
    stage.take_term()
    stage.order("monitor")
    stage.end(7)
    (probe,) = stage.facts()
    stage.order("start")
    stage.end(0)
    stage.order("monitor", interval_ms=1000)
    stage.end(0)
    stage.say(Forget("", probe.call_id))
    stage.take_term(2)
    told = stage.reports()[-1].operations
    assert [(fact.task, fact.interval_ms) for fact in told] == [("start", 0), ("monitor", 1000)]
    stage.wait(1.1)
    assert stage.at_work() == [("r1", "monitor")]

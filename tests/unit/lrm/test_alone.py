"""Without a crm, and without a lease: what an LRM does by itself."""

from __future__ import annotations

import pytest

from hanode import effects, inputs
from hanode.local_messages import Alive, AloneRule, Finished

from .stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A resource runs."""
    stage = Stage()
    stage.take_term()
    stage.order("start")
    stage.end(0)
    return stage


def live(stage: Stage, seconds: float, lease: float) -> None:
    """Let time pass; who looks at the lease sees that it ends at `lease`."""
    until = stage.now + seconds
    while stage.now < until:
        stage.wait(0.05)
        if stage.wanted(effects.LookAtLease):
            stage.give(inputs.LeaseSeen(lease))


def test_a_silent_crm_and_a_lease_that_is_over_end_in_a_stop(stage: Stage) -> None:
    stage.say(AloneRule(stop=True))
    live(stage, 2.0, lease=stage.now + 0.5)
    assert stage.at_work() == [("r1", "stop")]


def test_the_crm_hears_at_once_what_is_about_to_stop(stage: Stage) -> None:
    """Simulator, 2w without fencing, seed 133056: quorum was back before all had stopped, and what
    rests upon the rest was started."""
    stage.say(AloneRule(stop=True))
    live(stage, 2.0, lease=stage.now + 0.5)
    facts = [told.fact for told in stage.told if isinstance(told, Finished)]
    assert (facts[-1].task, facts[-1].status) == ("stop", "pending")


def test_and_in_a_kill_when_the_limit_is_over(stage: Stage) -> None:
    stage.say(AloneRule(stop=True))
    live(stage, 3.0, lease=stage.now + 0.5)
    assert [kill.resource for kill in stage.wanted(effects.KillResource)] == ["r1"]


def test_while_the_lease_holds_nothing_is_stopped(stage: Stage) -> None:
    stage.say(AloneRule(stop=True))
    live(stage, 10.0, lease=stage.now + 100.0)
    assert stage.at_work() == []


def test_a_lease_that_is_renewed_is_not_over(stage: Stage) -> None:
    stage.say(AloneRule(stop=True))
    for _ in range(10):
        live(stage, 0.5, lease=stage.now + 0.6)
    assert stage.at_work() == []


def test_while_the_crm_speaks_it_has_the_first_word(stage: Stage) -> None:
    lease = stage.now + 0.5
    for _ in range(4):
        stage.say(AloneRule(stop=True))
        live(stage, 0.4, lease)
    assert stage.at_work() == []


def test_but_not_the_last(stage: Stage) -> None:
    """Without fencing, 3 nodes: two stops hung one after the other, or the crm had just been
    started again, and the others started what still ran here."""
    lease = stage.now + 0.5
    for _ in range(5):
        stage.say(AloneRule(stop=True))
        live(stage, 0.4, lease)
    assert stage.at_work() == [("r1", "stop")]
    stage.say(AloneRule(stop=True))
    live(stage, 0.8, lease)
    assert [kill.resource for kill in stage.wanted(effects.KillResource)] == ["r1"]


def test_a_stop_that_the_crm_began_is_over_by_then(stage: Stage) -> None:
    lease = stage.now + 0.1
    stage.say(AloneRule(stop=True))
    live(stage, 1.0, lease)
    stage.rule("stop")
    for _ in range(4):
        stage.say(AloneRule(stop=True))
        live(stage, 0.4, lease)
    assert [kill.resource for kill in stage.wanted(effects.KillResource)] == ["r1"]


def test_what_is_just_being_started_is_stopped_too() -> None:
    """Simulator, 3 nodes without fencing, dense, seed 1: its start hung, nobody here thought that
    it ran, and the others started it."""
    stage = Stage()
    stage.take_term()
    stage.order("start", parameters={"state": "/run/x"})
    stage.wait(1.0)
    assert stage.told[-1] == Alive(1)
    stage.say(AloneRule(stop=True))
    live(stage, 2.0, lease=stage.now + 0.5)
    assert stage.wanted(effects.Kill) == [effects.Kill(1, hard=True)]
    stage.end(137)
    assert stage.at_work() == [("r1", "stop")]
    (stop,) = stage.spawned.values()
    assert stop.env["OCF_RESKEY_state"] == "/run/x"


def test_a_new_life_knows_what_its_crm_had_said(stage: Stage) -> None:
    """Simulator, 2w without fencing, dense, seed 52011: the crm hung, then the LRM died; the next
    one was told nothing, and the others started what still ran here."""
    stage.say(AloneRule(stop=True))
    stage.spawned.clear()
    stage.born()
    stage.wait(0.1)
    assert stage.wanted(effects.LookAtLease)
    stage.give(inputs.LeaseSeen(stage.now - 1.0))
    assert stage.at_work() == [("r1", "stop")]


def test_in_another_boot_it_waits_for_its_crm(stage: Stage) -> None:
    """Services that outlive a restart of all hanode are taken up, not stopped."""
    stage.say(AloneRule(stop=True))
    stage.born(boot=2)
    stage.wait(1.0)
    assert not stage.wanted(effects.LookAtLease)


def test_with_fencing_nobody_counts_on_it(stage: Stage) -> None:
    stage.say(AloneRule(stop=False))
    live(stage, 10.0, lease=0.0)
    assert stage.at_work() == []
    assert not stage.wanted(effects.LookAtLease)

"""What ails a node, its disk or its LRM, is told wherever an operator looks, and taken back."""

from __future__ import annotations

import pytest

from hanode.effects import TellHeart
from hanode.events import Alarm
from hanode.inputs import DiskFailed
from hanode.local_messages import Standing
from hanode.mgmt.protocol import FetchState, Pulse
from hanode.node.hands import ALIVE_LIMIT, HUNG_LIMIT
from hanode.state.walks import disk_of, lrm_of

from .alone import CIB, Alone
from .objections import objected

FULL = "disk full: /var/lib/hanode"


@pytest.fixture
def alone() -> Alone:
    return Alone()


def pulse(alone: Alone) -> Pulse:
    return next(told for told in alone.ask(FetchState(1)) if isinstance(told, Pulse))


def test_the_node_itself_says_it_even_if_the_log_takes_nothing(alone: Alone) -> None:
    assert pulse(alone).trouble == ""
    alone.tell(DiskFailed(FULL))
    told = pulse(alone)
    assert told.trouble == f"{FULL}; n1 neither votes nor leads"
    assert told.role == "learner"


def test_its_heartbeats_say_it_at_once(alone: Alone) -> None:
    new = alone.tell(DiskFailed(FULL))
    told = [e.message for e in new if isinstance(e, TellHeart)]
    assert [one.disk for one in told if isinstance(one, Standing)] == [False]


def test_it_is_proposed_once_as_an_alarm(alone: Alone) -> None:
    alone.tell(DiskFailed(FULL))
    alone.wait(0.5)
    waiting = [one.event for one in alone.node.facts.waiting.values()]
    assert [one for one in waiting if isinstance(one, Alarm)] == [
        Alarm("disk n1", f"{FULL}; n1 neither votes nor leads")
    ]


def test_who_can_write_takes_back_what_it_said_before(alone: Alone) -> None:
    alone.node.state_fact(Alarm(disk_of("n1"), FULL))
    alone.wait(1.0)
    assert alone.node.state.alarms == ()


def test_nobody_speaks_of_anothers_disk(alone: Alone) -> None:
    state = alone.node.state
    assert "another's disk" in objected(state, Alarm(disk_of("n2"), FULL), 1)
    assert objected(state, Alarm(disk_of("n1"), FULL), 1) == ""


def standings(alone: Alone, seconds: float) -> list[Standing]:
    alone.said.clear()
    alone.wait(seconds)
    told = [effect.message for effect in alone.all(TellHeart)]
    return [one for one in told if isinstance(one, Standing)]


def test_an_lrm_that_hangs_is_no_secret(alone: Alone) -> None:
    """Simulator, an LRM that was stopped: its services died, and nobody noticed."""
    alone.lrm_lives = False
    assert not standings(alone, ALIVE_LIMIT + 3.0)[-1].lrm_alive
    assert [alarm.subject for alarm in alone.node.state.alarms] == ["lrm n1"]
    alone.lrm_lives = True
    assert standings(alone, 3.0)[-1].lrm_alive
    assert alone.node.state.alarms == ()


def test_and_its_node_falls_silent_in_the_end(alone: Alone) -> None:
    """So that the others fence it."""
    alone.lrm_lives = False
    alone.wait(HUNG_LIMIT + 1.0)
    assert standings(alone, 5.0) == []


def test_without_fencing_it_speaks_on() -> None:
    """The others would start what it can't stop."""
    off = '<nvpair id="o-1" name="stonith-enabled" value="false"/>'
    options = f'<crm_config><cluster_property_set id="o">{off}</cluster_property_set></crm_config>'
    alone = Alone(CIB.replace("<crm_config/>", options))
    alone.lrm_lives = False
    alone.wait(HUNG_LIMIT + 1.0)
    assert standings(alone, 5.0)


def test_a_crm_that_begins_anew_does_not_know_that_its_lrm_is_well() -> None:
    """Simulator, 3 nodes without fencing, seed 9930019: it took the alarm back, its node was cut
    off, and held for stopped."""
    alone = Alone()
    alone.lrm_lives = alone.node.hands.known = False
    alone.node.state_fact(Alarm(lrm_of("n1"), "its LRM hangs"))
    alone.wait(5.0)
    assert [alarm.subject for alarm in alone.node.state.alarms] == [lrm_of("n1")]
    alone.lrm_lives = True
    alone.wait(3.0)
    assert not alone.node.state.alarms

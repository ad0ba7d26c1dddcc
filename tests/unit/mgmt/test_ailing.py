"""A disk that takes no writes is told of by whatever way is left."""

from __future__ import annotations

from typing import Any

from hanode.events import Alarm
from hanode.ids import Position
from hanode.mgmt.ailing import HEARD_SAY, ailing
from hanode.mgmt.protocol import Pulse
from hanode.state import ClusterState
from tests.unit.mgmt.clusters import Log, healthy

WORD = "disk full: /var/lib/hanode; n2 neither votes nor leads"


def pulse(trouble: str = "", **peers: dict[str, Any]) -> Pulse:
    at = Position(1, 9)
    return Pulse(1, "n1", "dc", "n1", 1, at, 9, True, peers, view=("n1", "n2"), trouble=trouble)


def told(log: Log) -> ClusterState:
    log.say(Alarm("disk n2", WORD), Alarm("fencing n3", "no device"))
    return log.state


def test_the_log_has_the_nodes_own_word() -> None:
    assert ailing(told(healthy()), None) == {"n2": WORD}
    assert ailing(told(healthy()), pulse(n2={"disk": False})) == {"n2": WORD}


def test_heartbeats_tell_what_the_log_could_not_be_told() -> None:
    state = healthy().state
    assert ailing(state, pulse(n2={"disk": False})) == {"n2": HEARD_SAY}
    assert ailing(state, pulse(n3={"disk": False})) == {}, "it is not in the view: old words"
    assert ailing(state, pulse(n2={"disk": True})) == {}


def test_who_is_asked_tells_of_itself() -> None:
    assert ailing(healthy().state, pulse(trouble="disk full: /")) == {"n1": "disk full: /"}


def test_a_word_that_is_taken_back_is_gone() -> None:
    log = healthy()
    told(log)
    log.say(Alarm("disk n2", ""))
    assert ailing(log.state, None) == {}
    assert [alarm.subject for alarm in log.state.alarms] == ["fencing n3"]

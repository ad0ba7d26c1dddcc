"""A node whose deadtime is not the DC's: the cluster is told, until it is mended."""

from __future__ import annotations

from hanode.events import Member
from hanode.ids import ORIGIN
from hanode.inputs import LocalSaid
from hanode.local_messages import Heard, PeerPulse, View
from tests.unit.node.alone import Alone


def heard(alone: Alone, deadtime: float) -> None:
    peer = PeerPulse("n2", 1, 1.0, 1.0, 1, "n1", ORIGIN, 1.0, 0.0, (True,), deadtime=deadtime)
    view = View(1, (("n1", 1),), True)
    alone.tell(LocalSaid(Heard(view, (peer,), alone.now + 1000.0)))
    alone.wait(1.0)


def alarms(alone: Alone) -> dict[str, str]:
    return {alarm.subject: alarm.message for alarm in alone.node.state.alarms}


def test_it_is_an_alarm_until_it_is_mended() -> None:
    alone = Alone()
    alone.node.state.members["n2"] = Member("n2", 2, "witness", b"")
    heard(alone, 0.0)
    assert not alarms(alone)
    heard(alone, 5.0)
    told = alarms(alone)["timing n2"]
    assert "n2 has a deadtime of 5 s, and n1 one of 1 s" in told
    assert "restart hanode" in told
    heard(alone, 1.0)
    assert not alarms(alone)

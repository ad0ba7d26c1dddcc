"""Pictures of clusters at moments worth showing: folded from events, judged by the real PE."""

from __future__ import annotations

from hanode.events import (
    Alarm,
    AttributeSet,
    FencingFailed,
    FencingIntended,
    TicketSet,
    ViewAgreed,
)
from hanode.ids import Position
from hanode.mgmt import orders
from hanode.mgmt.protocol import Pulse
from hanode.state import ClusterState
from hatui.output.picture import Picture, of_state
from tests.unit.mgmt.clusters import NOW, Log, healthy, operation


def pulse(state: ClusterState, **changed: object) -> Pulse:
    index = state.position.index
    told = {"number": 1, "node": "n1", "role": "dc", "dc": "n1", "term": 1,
            "position": Position(1, index), "commit": index, "quorate": True,
            "view": state.present}  # fmt: skip
    return Pulse(**{**told, **changed})  # type: ignore[arg-type]


def picture_of(log: Log, **changed: object) -> Picture:
    return of_state(log.state, pulse(log.state, **changed), NOW + 100)


def all_well() -> Picture:
    return picture_of(healthy())


def in_trouble() -> Picture:
    """n3 is lost and its fencing fails; web failed; the group is unmanaged; n2 is on standby."""
    log = healthy()
    log.say(
        operation("n1", "web", "monitor", agent="ocf:hanode:web", interval_ms=1000, rc=7,
                  call_id=13, reason="nobody listens on port 80", exec_ms=1300),
        AttributeSet("n1", "ping", "100"),
        TicketSet("berlin", True),
        *orders.ban(log.state, "db", "n2", promoted=True).events,
    )  # fmt: skip
    log.say(*orders.manage(log.state, "g", False).events)
    log.say(*orders.standby(log.state, "n2", True).events)
    log.say(
        ViewAgreed((("n1", 1), ("n2", 1))),
        FencingIntended("f1", "n3", 1, "reboot", "n3 was lost"),
        FencingFailed("f1", "n3", "strip", "no answer from the strip", "n2"),
        Alarm("n3", "its fencing has failed; is the strip reachable?"),
    )
    return picture_of(log)


def alone() -> Picture:
    """What a node without quorum still knows."""
    log = healthy()
    log.say(ViewAgreed((("n1", 1),), quorate=False))
    return picture_of(log, quorate=False)


def cut_off() -> Picture:
    """A node whose log, cut off with it, still has n2 in the view and a DC that it can't hear."""
    log = healthy()
    log.say(ViewAgreed((("n1", 1), ("n2", 1))))
    return picture_of(log, quorate=False, role="candidate", dc="", view=("n1",))

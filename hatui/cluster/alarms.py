"""What only a person can settle: the alarms of the log, and what the log could not be told."""

from __future__ import annotations

from hanode.mgmt.ailing import ailing
from hanode.mgmt.protocol import Pulse
from hanode.state import ClusterState
from hanode.state.records import AlarmRecord
from hanode.state.walks import disk_of


def alarms(state: ClusterState, pulse: Pulse | None, now: float) -> tuple[AlarmRecord, ...]:
    """The log's first, the newest of them first."""
    known = {alarm.subject for alarm in state.alarms}
    untold = {disk_of(name): word for name, word in ailing(state, pulse).items()}
    more = (AlarmRecord(now, subject, word) for subject, word in untold.items())
    return (*state.alarms, *(alarm for alarm in more if alarm.subject not in known))

"""Has the cluster know what ails this node's disk, for as long as it does.

The word goes into the log as an alarm, so that every console shows it whichever node it asks; this
node's own pulse says it besides, as the log takes nothing where most disks are in trouble.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.events import Alarm
from hanode.state.walks import disk_of

if TYPE_CHECKING:
    from hanode.node.node import Node


class Ailing:
    """States the alarm; takes it back in the life of this process that can write again."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._said: str | None = None
        """The last word of this life; None: nothing yet."""

    @property
    def word(self) -> str:
        """For people; empty when all is well."""
        trouble = self._node.seat.trouble
        return f"{trouble}; {self._node.name} neither votes nor leads" if trouble else ""

    def attend(self) -> None:
        node = self._node
        if node.name not in node.state.members or not (node.seat.trouble or node.state.alarms):
            return
        subject, word = disk_of(node.name), self.word
        known = (alarm.message for alarm in node.state.alarms if alarm.subject == subject)
        if word != next(known, "") and word != self._said:
            self._said = word
            node.state_fact(Alarm(subject, word))

"""Has the cluster know what ails this node, its disk or its LRM, for as long as it does.

The word goes into the log as an alarm, so that every console shows it whichever node it asks; of
the disk this node's own pulse says it besides, as the log takes nothing where most disks are in
trouble.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.events import Alarm
from hanode.node.hands import ALIVE_LIMIT, HUNG_LIMIT
from hanode.state.walks import disk_of, lrm_of

if TYPE_CHECKING:
    from hanode.node.node import Node


class Ailing:
    """States the alarms; takes them back in the life of this process that has no cause for them."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._said: dict[str, str] = {}
        """By subject: the last word of this life."""

    @property
    def word(self) -> str:
        """On the disk, for people; empty when all is well."""
        trouble = self._node.seat.trouble
        return f"{trouble}; {self._node.name} neither votes nor leads" if trouble else ""

    @property
    def _of_the_lrm(self) -> str | None:
        """None: it may hang since before this life of the crm."""
        node = self._node
        if node.hands.silence <= ALIVE_LIMIT:
            return "" if node.hands.known else None
        word = "its LRM hangs, or does not start: nothing is watched or stopped there"
        then = f"; after {HUNG_LIMIT:g} s the node falls silent, to be fenced"
        return word + then if node.coordination.shooting.enabled else word

    def attend(self) -> None:
        node = self._node
        if node.name not in node.state.members:
            return
        words = {disk_of(node.name): self.word, lrm_of(node.name): self._of_the_lrm}
        if not (node.state.alarms or any(words.values())):
            return
        for subject, word in words.items():
            known = (alarm.message for alarm in node.state.alarms if alarm.subject == subject)
            if word is not None and word != next(known, "") and word != self._said.get(subject):
                self._said[subject] = word
                node.state_fact(Alarm(subject, word))

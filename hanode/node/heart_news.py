"""What the heartbeat process tells its crm, and since when that amounts to a loss of quorum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.local_messages import Heard, View

if TYPE_CHECKING:
    from hanode.node.node import Node


class HeartNews:
    """The latest, of a process that may have been started again a moment ago."""

    def __init__(self, node: Node, now: float) -> None:
        self._node = node
        self.latest = Heard(View(0, (), False), (), 0.0)
        self._had_quorum = False
        """Ever, in this life of the crm."""
        self._up_at = now
        """When the heartbeat process was last connected."""
        self._without_since: float | None = None
        self.regained_at = float("-inf")
        """When quorum came back that had been gone for longer than a deadtime."""

    def up(self) -> None:
        """A heartbeat process, perhaps a new one, is to be told all that it must know."""
        self._up_at = self._node.now
        self._node.roll.tell_heart()
        self._node.stand()

    def heard(self, heard: Heard) -> None:
        """News. One that was just started again has no view yet: for a moment the last one stands,
        as it does in everybody else's eyes."""
        node = self._node
        reborn = not heard.view.members and node.now < self._up_at + node.timing.deadtime
        if reborn and self.latest.view.quorate:
            return
        news = heard.view != self.latest.view
        self.latest = heard
        self._had_quorum = self._had_quorum or heard.view.quorate
        self._note_quorum(heard.view.quorate)
        node.memory.note(heard.peers)
        node.seat.seen(heard.view, heard.echoed, node.now, heard.claimants)
        node.desk.subscribers.pulse_changed()
        node.stand()
        if news:
            node.roll.tell_outsiders()

    def _note_quorum(self, quorate: bool) -> None:
        now, since = self._node.now, self._without_since
        if not quorate:
            self._without_since = now if since is None else since
        elif since is not None:
            self._without_since = None
            if now > since + self._node.timing.deadtime:
                self.regained_at = now

    @property
    def quorum_lost_at(self) -> float | None:
        """Since when this node must act as one without quorum; None while it has it, or may yet
        get it: a cluster that comes up is given `initdead`, a heartbeat process that was just
        started again two deadtimes."""
        node = self._node
        if self.latest.view.quorate or not node.state.members:
            return None
        if self.latest.lease_until > 0:
            return self.latest.lease_until
        patience = 2 * node.timing.deadtime if self._had_quorum else node.timing.initdead
        return self._up_at + patience

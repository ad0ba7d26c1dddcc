"""Through which door each input comes in: whatever reaches a node goes to the part it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hanode.dc import unwritable
from hanode.dc.learner import reminded
from hanode.effects import Wrote
from hanode.inputs import (
    Asked,
    ClientGone,
    Decided,
    DiskFailed,
    DiskWorks,
    LocalSaid,
    PartDown,
    PartUp,
    PeerSaid,
    StreamClosed,
    StreamOpened,
    Wake,
    WallClock,
)
from hanode.local_messages import Heard, Telemetry
from hanode.peer_messages import FenceOrder, Order, Propose, Proposed, Remembered, Roster
from hanode.state.said import last_word

if TYPE_CHECKING:
    from hanode.node.node import Node


class Doors:
    """Of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._handlers: dict[type, Callable[[Any], None]] = {
            Wake: lambda _: None,
            WallClock: self._wall_clock,
            PartUp: self._part_up,
            PartDown: self._part_down,
            LocalSaid: self._local,
            StreamOpened: self._stream_opened,
            StreamClosed: lambda closed: node.seat.stream_closed(closed.peer, node.now),
            PeerSaid: self._peer,
            Wrote: lambda wrote: node.seat.wrote(wrote, node.now),
            DiskFailed: lambda failed: unwritable.failed(node.seat, failed.why, node.now),
            DiskWorks: lambda _: unwritable.works(node.seat),
            Decided: self._decided,
            Asked: lambda asked: node.desk.asked(asked),
            ClientGone: lambda gone: node.desk.gone(gone.client),
        }
        self._timers: dict[str, Callable[[], None]] = {
            "standing": node.stand,
            "repeat": lambda: node.proposals.repeat(),
            "pulse": lambda: node.desk.subscribers.pulse_due(),
            "patience": lambda: node.desk.commands.give_up_waiting(),
            "alone-rule": lambda: node.hands.say_alone_rule(),
            "recheck": lambda: node.coordination.recheck(),
            "pe": node.let_pe_go,
        }

    def take(self, given: Any) -> None:
        """One input."""
        self._handlers[type(given)](given)

    def ring(self, timer: str) -> None:
        """One deadline. Those of the seat are its own; some only needed the wake-up."""
        if timer in self._timers:
            self._timers[timer]()
        else:
            self._node.seat.ring(timer, self._node.now)

    # ------------------------------------------------------------------------- of this very node

    def _wall_clock(self, clock: WallClock) -> None:
        node = self._node
        first = not node.wall.at
        node.wall, node.wall_at = clock, node.now
        if first:
            node.coordination.shooting.limits.knows_the_time()

    def _part_up(self, up: PartUp) -> None:
        node = self._node
        if up.part == "heart":
            node.heart.up()
        elif up.part == "lrm":
            node.hands.up()
        elif up.part == "remote":
            node.remotes.up()

    def _part_down(self, down: PartDown) -> None:
        if down.part == "lrm":
            self._node.hands.down()
        elif down.part == "remote":
            self._node.remotes.down()

    def _local(self, said: LocalSaid) -> None:
        node, message = self._node, said.message
        if said.part == "remote":
            node.remotes.heard(message)
        elif isinstance(message, Heard):
            node.heart.heard(message)
        elif isinstance(message, Telemetry):
            node.desk.subscribers.telemetry(message)
        else:
            node.hands.heard(message)

    def _decided(self, decided: Decided) -> None:
        if not self._node.isolation.decided(decided):
            self._node.coordination.decided(decided)

    # ----------------------------------------------------------------------------------- of peers

    def _stream_opened(self, opened: StreamOpened) -> None:
        node = self._node
        last = last_word(node.state, opened.peer)
        remembered = node.memory.of(opened.peer, node.seat, last)
        if remembered is not None:
            member = node.state.members.get(opened.peer)
            number = member.number if member is not None else 0
            node.send(opened.peer, replace(remembered, member=number))
        node.seat.stream_opened(opened.peer, node.now)
        node.roll.tell_outsiders()
        if node.seat.leader == opened.peer:
            node.proposals.bring_again()
        node.coordination.walking.stream_opened(opened.peer)
        node.roll.tell_witnesses()

    def _peer(self, said: PeerSaid) -> None:
        node, message = self._node, said.message
        if isinstance(message, Propose):
            node.proposals.brought(said.peer, message)
        elif isinstance(message, Proposed):
            if said.peer == node.seat.leader:
                node.desk.commands.proposed(message)
        elif isinstance(message, Roster):
            node.roll.told(said.peer, message)
        elif isinstance(message, Remembered):
            namesake = 0 < message.member < node.roll.number  # of before; it is not told of us
            if not namesake and said.peer in node.seat.everybody:
                reminded(node.seat, said.peer, message, node.facts.last)
        elif isinstance(message, Order | FenceOrder):
            if said.peer == node.seat.leader:
                node.hands.told(message)
        else:
            before = node.seat.leader
            node.seat.told(said.peer, message, node.now)
            if node.seat.leader not in ("", before):
                node.proposals.bring_again()

"""The crm, simulated: its log on the disk, its streams, a policy engine that takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode import effects, inputs
from hanode.peer_messages import PEER, Order
from tests.sim.parts.part import Core, Part

if TYPE_CHECKING:
    from tests.sim.machines import Machine


class CrmPart(Part):
    kind = "crm"
    peers = ("heart", "lrm")

    def __init__(self, machine: Machine, core: Core) -> None:
        super().__init__(machine, core)
        self.key = machine.world.keys.signer(machine.identity).public
        self._peers = {member.name: member.public for member in machine.kept}
        """Whom it holds streams with: their keys."""
        self._pe = machine.world.policy
        self._question = ""
        self._disk_failed = bool(machine.disk.manner.trouble)
        """In this life nothing more is written."""
        self.applied = 0
        """The last index of the log that this life has been seen to apply."""
        self._do |= {
            effects.TellHeart: lambda effect: self.tell("heart", effect.message),
            effects.TellLrm: self._tell_lrm,
            effects.Send: self._send,
            effects.Persist: self._persist,
            effects.TryDisk: self._try_disk,
            effects.AskPe: self._ask,
            effects.StartPe: lambda effect: None,
            effects.StopPe: self._stop_pe,
            effects.Answer: lambda effect: self.world.workload.answered(self, effect),
            effects.CloseClient: lambda effect: self.world.workload.closed(self, effect),
            effects.SetPeers: self._set_peers,
            effects.Wrote: self.give,
        }

    def start(self) -> None:
        super().start()
        self.world.invariants.crm_began(self)

    def end(self, *, silently: bool) -> None:
        super().end(silently=silently)
        if self.machine.disk.lose():
            self.world.sometimes("a write was lost in a crash")
        self.world.streams.ended(self, silently=silently)

    # ----------------------------------------------------------------------- streams.End, for peers

    def knows(self, peer: str, key: bytes) -> bool:
        return self._peers.get(peer) == key

    def stream_opened(self, peer: str) -> None:
        self.give(inputs.StreamOpened(peer))

    def stream_closed(self, peer: str) -> None:
        self.give(inputs.StreamClosed(peer))

    def peer_said(self, peer: str, message: Any) -> None:
        self.give(inputs.PeerSaid(peer, message))

    # -------------------------------------------------------------------------------- its effects

    def _send(self, effect: effects.Send) -> None:
        message = effect.message
        if self.world.options.real_keys:
            message = PEER.unpack(PEER.pack(message))
        self.world.invariants.sent(self, effect.peer, message)
        self.world.streams.send(self, effect.peer, message)

    def _tell_lrm(self, effect: effects.TellLrm) -> None:
        if isinstance(effect.message, Order):
            self.world.invariants.order_passed_on(self, effect.message)
        self.tell("lrm", effect.message)

    def _persist(self, effect: effects.Persist) -> None:
        if not self._disk_failed:
            self.machine.disk.write(effect, lambda ok: self._landed(effect, ok))

    def _landed(self, effect: effects.Persist, ok: bool) -> None:
        """The fsync returned. Effects wait with a stopped process as inputs do."""
        if not self.running:
            return
        if not ok:
            self._disk_failed = True
            self.give(inputs.DiskFailed(self.machine.disk.manner.trouble or "disk trouble"))
        elif self.paused:
            self.inbox.append(_Then(effect.then))
        else:
            self._execute(effect.then)

    def _try_disk(self, effect: effects.TryDisk) -> None:
        self.world.agenda.after(self.machine.disk.latency(), self._disk_tried)

    def _disk_tried(self) -> None:
        manner = self.machine.disk.manner
        if not (manner.trouble or manner.stalled) and self.running:
            self.world.sometimes("a disk took writes again")
            self.give(inputs.DiskWorks())

    def _step(self, given: Any) -> None:
        if isinstance(given, _Then):
            self._execute(given.then)
        else:
            super()._step(given)

    def _ask(self, effect: effects.AskPe) -> None:
        self._question = effect.question
        self.world.agenda.after(self._pe.delay(), self._decide, effect)

    def _decide(self, effect: effects.AskPe) -> None:
        if self.running and self._question == effect.question:
            decision = self._pe.decide(effect)
            self.give(inputs.Decided(effect.question, decision))

    def _stop_pe(self, effect: effects.StopPe) -> None:
        self._question = ""

    def _set_peers(self, effect: effects.SetPeers) -> None:
        self._peers = {member.name: member.public for member in effect.members}
        if not self.machine.data:
            self.machine.kept = effect.members
        self.world.streams.end_with_strangers(self)


class _Then:
    """What follows a write, waiting for a stopped process to go on."""

    def __init__(self, then: tuple[Any, ...]) -> None:
        self.then = then

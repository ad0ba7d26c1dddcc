"""The heartbeat process, simulated: datagrams over the network of the world, the lease."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode import effects, inputs
from hanode.membership import Heart
from tests.sim.parts.part import Core, Part

if TYPE_CHECKING:
    from tests.sim.machines import Machine


class HeartPart(Part):
    kind = "heart"
    peers = ("crm",)

    def __init__(self, machine: Machine, core: Core) -> None:
        super().__init__(machine, core)
        self.taken: set[bytes] = set()
        """Datagrams that this life has accepted."""
        machine.lease_until = 0.0  # as runtime.lease begins: what an earlier life gave is void
        self._do |= {
            effects.SendDatagram: self._send,
            effects.PublishLease: self._lease,
            effects.FeedWatchdog: lambda effect: None,
            effects.TellCrm: lambda effect: self.tell("crm", effect.message),
        }

    def take(self, arrived: inputs.DatagramArrived) -> None:
        """What a link brings."""
        before = self._accepted()
        self.give(arrived)
        if self._accepted() > before:
            self.world.invariants.heartbeat_taken(self, arrived.data)

    def _accepted(self) -> int:
        core = self.core
        assert isinstance(core, Heart)
        return core.counters["accepted"]

    def _send(self, effect: effects.SendDatagram) -> None:
        network, name = self.world.network, self.name
        self.world.invariants.heartbeat_sent(self, effect.data)
        if effect.peer:
            network.datagram(effect.link, name, effect.peer, effect.data)
            return
        for other in network.names:
            if other != name:
                network.datagram(effect.link, name, other, effect.data)

    def _lease(self, effect: effects.PublishLease) -> None:
        self.machine.lease_until = effect.until
        self.machine.lease_at = self.world.agenda.now

"""The LRM, simulated: agents of the machine, its term and its table on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode import effects, inputs
from tests.sim.parts.part import Core, Part

if TYPE_CHECKING:
    from tests.sim.machines import Machine


class LrmPart(Part):
    kind = "lrm"
    peers = ("crm",)

    def __init__(self, machine: Machine, core: Core) -> None:
        super().__init__(machine, core)
        agents = machine.agents
        self._do |= {
            effects.TellCrm: lambda effect: self.tell("crm", effect.message),
            effects.Spawn: lambda effect: agents.spawn(effect, self.report),
            effects.Kill: lambda effect: agents.kill(effect.token, self.report, effect.hard),
            effects.KillLeftover: lambda effect: agents.kill_leftover(effect, self.report),
            effects.KillResource: lambda effect: agents.kill_resource(effect.resource),
            effects.WriteTerm: self._write_term,
            effects.SaveTable: self._save,
            effects.LookAtLease: lambda _: self.report(inputs.LeaseSeen(machine.lease_until)),
        }

    def up(self, kind: str) -> Any:
        return inputs.CrmConnected()

    def report(self, given: Any) -> None:
        """News of an agent; never within the step that asked for it."""
        self._later(self, given)

    def _write_term(self, effect: effects.WriteTerm) -> None:
        disk = self.machine.disk
        self.world.agenda.after(disk.latency(), self._term_written, effect)

    def _term_written(self, effect: effects.WriteTerm) -> None:
        disk = self.machine.disk
        if not self.running:
            return
        if disk.manner.stalled:
            self.world.agenda.after(0.1, self._term_written, effect)
            return
        ok = not disk.manner.read_only
        if ok:
            disk.lrm_term = max(disk.lrm_term, effect.term)
        self.give(inputs.TermWritten(effect.term, ok))

    def _save(self, effect: effects.SaveTable) -> None:
        self.machine.disk.table = effect.data

"""A crm that does harm while its node lives on: silent, or in wrong hands."""

from __future__ import annotations

from tests.sim.faults.scene import Faults, Scene, Strike
from tests.sim.rogue import Rogue


class CrmFaults(Faults):
    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._rogue = Rogue(scene.world, scene.random)

    def _classes(self) -> dict[str, Strike]:
        return {"rogue": self._rogue_speaks, "mute": self._mute}

    def _rogue_speaks(self, intensity: float) -> None:
        machine = self._scene.data_machine()
        self._world.fault("rogue", machine.name)
        self._rogue.strike(machine)

    def _mute(self, intensity: float) -> None:
        """A crm says nothing for a while, and its node is cut off."""
        machine = self._scene.data_machine()
        crm = machine.crm
        if crm is None:
            return
        self._world.fault("mute", crm.who)
        crm.pause()
        self._scene.undo_after(3, 40, crm.resume)
        others = tuple(name for name in self._world.network.names if name != machine.name)
        self._scene.undo_after(0.01, 1, lambda: self._world.network.part((machine.name,), others))
        self._scene.undo_after(5, 40, self._world.network.heal)

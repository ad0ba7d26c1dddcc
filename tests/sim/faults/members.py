"""Who comes and goes, is lost and replaced; strangers, and members that turned."""

from __future__ import annotations

from tests.sim import scenery
from tests.sim.faults.scene import Faults, Scene, Strike
from tests.sim.hostile import Outsider, Traitor


class MemberFaults(Faults):
    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._outsider = Outsider(scene.world, scene.random)
        self._traitor = Traitor(scene.world, scene.random)

    def _classes(self) -> dict[str, Strike]:
        return {
            "members": self._members,
            "lost": self._lost,
            "outsider": self._stranger,
            "traitor": self._traitor_speaks,
        }

    def _members(self, intensity: float) -> None:
        """The spare one comes or goes."""
        passage = self._world.passages.get(scenery.SPARE)
        if passage is not None:
            self._world.fault("members", scenery.SPARE, passage.phase)
            passage.strike()

    def _lost(self, intensity: float) -> None:
        """A machine that will not come back as it was; later another one, in its place."""
        passages = self._world.passages
        names = [name for name, p in passages.items() if name in self._world.voters and p.settled]
        gone = [name for name, p in passages.items() if p.phase == "outside"]
        if gone and self._random.random() < 0.7:
            name = self._random.choice(gone)
            self._world.fault("lost", name, "is replaced")
            passages[name].strike()
        elif (
            len(names) > 2
            and all(p.settled for p in passages.values())
            and self._scene.all_is_well()
        ):
            name = self._random.choice(names)
            self._world.fault("lost", name, passages[name].lose())

    def _one_who_turned(self) -> str:
        """A former member that still runs somewhere; else the last one."""
        former = [m.name for m in self._world.data_machines if m.hanode and not m.belongs]
        return former[0] if former else self._world.members[-1].name

    def _stranger(self, intensity: float) -> None:
        self._world.fault("outsider", "network")
        self._outsider.strike(self._random.randint(5, 50))

    def _traitor_speaks(self, intensity: float) -> None:
        who = self._one_who_turned()
        if len(self._world.members) < 2:
            return  # it has nobody to betray
        self._world.fault("traitor", who)
        self._traitor.strike(self._world.machines[who])

"""What goes wrong with disks: slow, stalled, read-only, or an older copy put in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sim.chance import between
from tests.sim.faults.scene import Faults, Scene, Strike

if TYPE_CHECKING:
    from tests.sim.disk import Copy
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart


class DiskFaults(Faults):
    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._copies: dict[tuple[str, int], Copy] = {}
        """Backups of disks, by the member's name and number."""
        self._recovering: Machine | None = None
        """It runs on an older copy."""
        self._laggards = 0
        """One is being made."""

    def _classes(self) -> dict[str, Strike]:
        return {
            "disk": self._disk,
            "full": self._full,
            "restored": self._restored,
            "laggard": self._laggard,
        }

    def _disk(self, intensity: float) -> None:
        manner = self._scene.machine().disk.manner
        kind = self._random.choice(("slow", "slow", "stalled", "read_only"))
        self._world.fault("disk", "disk", kind)
        if kind == "slow":
            manner.latency = between(self._random, 0.005, 1.0)
            self._scene.undo_after(1, 30, lambda: setattr(manner, "latency", 0.002))
        else:
            setattr(manner, kind, True)
            self._scene.undo_after(0.5, 15, lambda: setattr(manner, kind, False))

    def _full(self, intensity: float) -> None:
        """No room on a disk (or none that may be written); now and then the process that writes
        there dies besides, and finds it so."""
        machine = self._scene.victim()
        manner, kind = machine.disk.manner, self._random.choice(("full", "full", "read_only"))
        self._world.fault("full", machine.name, kind)
        setattr(manner, kind, True)
        self._scene.undo_after(1, 40, lambda: setattr(manner, kind, False))
        if self._random.random() < 0.3:
            self._scene.undo_after(0.1, 10, lambda: machine.kill_part("crm"))

    def _restored(self, intensity: float) -> None:
        """A machine comes back with an older copy of its disk, while those who know better live
        (else a restored node has to be joined anew, says the manual)."""
        machine = self._scene.data_machine()
        which = machine.name, machine.member.number
        copy = self._copies.get(which)
        if copy is None or self._random.random() < 0.3:
            self._copies[which] = machine.disk.copy()
            return
        if len(self._world.voters) < 3 or not self._scene.all_is_well():
            return
        if machine.name not in self._world.voters or machine.disk.rotten:
            return
        self._world.fault("restored", machine.name, f"its disk as of boot {copy.boot}")
        self._bring_back(machine, copy)
        self._recovering = machine

    def _bring_back(self, machine: Machine, copy: Copy) -> None:
        machine.power_off("restored from a backup")
        machine.disk.restore(copy)
        self._world.invariants.restored(machine)
        machine.power_on()

    def _laggard(self, intensity: float) -> None:
        """One of three lags behind, another comes back with an older copy of its disk, and the
        third, who alone knows what was committed, loses its power as soon as it has told that one
        that it is no voter. The two together are a majority, and must not be one."""
        world, dc = self._world, self._world.dc()
        machines = [m for m in world.data_machines if m.name in world.voters and not m.disk.rotten]
        if (
            dc is None
            or len(world.voters) != 3
            or len(machines) != 3
            or not self._scene.all_is_well()
        ):
            return
        knows = dc.machine
        lags, old = self._random.sample([m for m in machines if m is not knows], 2)
        copy = old.disk.copy()
        world.fault("laggard", lags.name, f"lags; {old.name} is restored; {knows.name} dies")
        world.network.part((lags.name,), (old.name, knows.name))
        self._laggards += 1
        # Long enough for the fencing of whoever lags, which stands in the log of the others.
        self._world.agenda.after(25.0, self._restore_beside, old, knows, dc, copy)

    def _restore_beside(self, old: Machine, knows: Machine, life: CrmPart, copy: Copy) -> None:
        """Unless the one that knows has begun anew meanwhile: what it had heard of the other is
        gone with its life (then that one has to be joined anew, says the manual)."""
        if self._scene.over:
            return
        if knows.crm is not life:
            self._laggards -= 1
            self._world.network.heal()
            return
        self._bring_back(old, copy)
        self._told_of(old, knows, self._world.now + 40.0)

    def _told_of(self, old: Machine, knows: Machine, until: float) -> None:
        """As soon as there is a stream on which it has been told."""
        crm: Any = old.crm
        if self._scene.over:
            return
        if crm is not None and knows.name in crm.core.seat.streams:
            self._world.sometimes("a restored disk beside a laggard")
            self._world.agenda.after(0.1, self._leave_them_alone, knows)
        elif self._world.now < until:
            self._world.agenda.after(0.01, self._told_of, old, knows, until)
        else:
            self._leave_them_alone(knows)

    def _leave_them_alone(self, knows: Machine) -> None:
        self._laggards -= 1
        if self._scene.over:
            return
        knows.power_off("cable pulled")
        self._world.network.heal()
        self._scene.undo_after(20, 40, knows.power_on)

    def recovering(self) -> bool:
        """Whether a restored disk has still to catch up: until then nothing else goes wrong."""
        machine = self._recovering
        if machine is None:
            return self._laggards > 0
        crm, dc = machine.crm, self._world.dc()
        core: Any = crm.core if crm is not None else None
        here = core is not None and dc is not None and machine.name in dc.core.seat.view.names  # type: ignore[attr-defined]
        if here and core.seat.told_commit > 1 and not core.seat.learner:
            self._recovering = None
        return self._recovering is not None

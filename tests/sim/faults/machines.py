"""What goes wrong on one machine: its processes, its power, its sleep, its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.inputs import Pressure
from tests.sim.chance import between
from tests.sim.faults.scene import Faults, Strike

if TYPE_CHECKING:
    from tests.sim.machines import Machine


class MachineFaults(Faults):
    def _classes(self) -> dict[str, Strike]:
        return {
            "crash": self._crash,
            "hanode": self._hanode,
            "power": self._power,
            "pause": self._pause,
            "clock": self._clock,
            "starved": self._starved,
        }

    def _crash(self, intensity: float) -> None:
        """kill -9 of one process; of the DC's crm more often than chance would have it."""
        dc = self._world.dc()
        machine = self._scene.victim()
        if dc is not None and machine is dc.machine and self._random.random() < 0.5:
            self._storm(self._random.randint(2, 6))
        at_work = self._at_work()
        if at_work and self._random.random() < 0.3:
            kind = self._random.choice(("lrm", "crm"))
            machine = dc.machine if dc is not None and kind == "crm" else at_work[0]
            self._world.fault("crash", machine.name, f"{kind}, amid an operation")
            machine.kill_part(kind)
        elif machine.parts:
            kind = self._random.choice(sorted(machine.parts))
            self._world.fault("crash", machine.name, kind)
            machine.kill_part(kind)

    def _storm(self, left: int) -> None:
        """Crms die one after the other, while they elect."""
        machine = self._scene.machine()
        if self._scene.over or left == 0:
            return
        self._world.fault("crash", machine.name, "crm, amid an election")
        machine.kill_part("crm")
        pause = self._world.options.timing.election * self._random.random()
        self._world.agenda.after(pause, self._storm, left - 1)

    def _hanode(self, intensity: float) -> None:
        machine = self._scene.victim()
        if machine.hanode:
            self._world.fault("hanode", machine.name)
            machine.kill_hanode()

    def _power(self, intensity: float) -> None:
        """One machine; now and then all of them at once."""
        everything = self._random.random() < 0.1
        machines = list(self._world.machines.values()) if everything else [self._scene.victim()]
        for machine in machines:
            if machine.powered:
                self._world.fault("power", machine.name)
                machine.power_off("cable pulled")
            self._scene.undo_after(1, 60, machine.power_on)

    def _pause(self, intensity: float) -> None:
        """SIGSTOP of one process or of all, shorter or longer than any timeout."""
        machine = self._scene.victim()
        parts = list(machine.parts.values())
        at_work = self._at_work()
        if at_work and self._random.random() < 0.3:
            parts = [at_work[0].parts["lrm"]]
        elif parts and self._random.random() < 0.2:
            self._asleep_while_cut_off(machine)
            return
        elif parts and self._random.random() < 0.7:
            parts = [self._random.choice(parts)]
        for part in parts:
            part.pause()
            self._world.fault("pause", part.who)
            self._scene.undo_after(0.1, 40, part.resume)

    def _asleep_while_cut_off(self, machine: Machine) -> None:
        """It wakes up to what it heard last, and to nothing more: about when it is given up."""
        network, dead = self._world.network, self._world.options.timing.deadtime
        heart = machine.parts.get("heart")
        if heart is None:
            return
        others = tuple(name for name in network.names if name != machine.name)
        self._world.fault("pause", heart.who, "and is cut off meanwhile")
        heart.pause()
        self._scene.undo_after(0.01, 0.5 * dead, lambda: network.part((machine.name,), others))
        self._scene.undo_after(0.8 * dead, 2 * dead, heart.resume)
        self._scene.undo_after(4 * dead, 8 * dead, network.heal)

    def _at_work(self) -> list[Machine]:
        """Machines on which an agent runs just now, shuffled."""
        busy = [m for m in self._world.data_machines if m.agents.runs and "lrm" in m.parts]
        return self._random.sample(busy, len(busy))

    def _clock(self, intensity: float) -> None:
        """The wall clock jumps; nothing may care."""
        machine = self._scene.machine()
        jump = self._random.choice((-1, 1)) * between(self._random, 1, 3e8)
        if self._world.options.jumps:
            machine.clock.jump(jump, self._world.now)
        self._world.fault("clock", machine.name, f"{jump:+.0f} s")

    def _starved(self, intensity: float) -> None:
        """Its kernel says that work stands still for want of processors, memory or disks; agents
        are slow, or hang, and that says nothing of what they look after."""
        machine = self._scene.data_machine()
        lacks = self._random.choice((Pressure(99, 0, 0), Pressure(80, 40, 0), Pressure(99, 30, 90)))
        self._world.fault("starved", machine.name, repr(lacks))
        machine.starve(lacks, 0.5 * intensity)
        self._scene.undo_after(5, 40, machine.feed)

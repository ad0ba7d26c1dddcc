"""What befalls resources and agents of every kind: odd ends, packages that go, migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.inputs import Pressure
from tests.sim import zoo
from tests.sim.faults.scene import Faults, Strike
from tests.sim.runs import PARAMETERS

if TYPE_CHECKING:
    from tests.sim.machines import Machine


class KindFaults(Faults):
    def _classes(self) -> dict[str, Strike]:
        return {"kinds": self._kinds}

    def _kinds(self, intensity: float) -> None:
        if not self._world.options.zoo:
            return
        self._random.choice((
            self._odd_ends, self._uninstalled, self._stuck, self._migration, self._migration,
            self._parameter, self._dies_or_falls_ill, self._starved_for_long,
        ))()  # fmt: skip

    def _odd_ends(self) -> None:
        """A library was replaced under the agents: they end by signals, or with any code."""
        machine = self._scene.data_machine()
        machine.agents.oddness = 0.5 * self._random.random()
        self._world.fault("kinds", machine.name, "agents end oddly")
        self._scene.undo_after(2, 20, lambda: setattr(machine.agents, "oddness", 0.0))

    def _uninstalled(self) -> None:
        """A package is gone for a while."""
        agents = self._scene.data_machine().agents
        name = self._random.choice(("daemon", "machine_service", "Ping", "Vm", "fence_switch"))
        agents.absent.add(name)
        self._world.fault("kinds", "agents", f"{name} is not installed")
        self._scene.undo_after(1, 20, lambda: agents.absent.discard(name))

    def _stuck(self) -> None:
        """A file server is away: who asks for a file waits, and no signal ends that."""
        machine = self._scene.data_machine()
        machine.agents.stick()
        self._world.fault("kinds", machine.name, "agents are stuck")
        self._scene.undo_after(1, 30, machine.agents.go_on)
        if self._random.random() < 0.4:
            self._scene.undo_after(0.5, 5, lambda: machine.kill_part("lrm"))

    def _migration(self) -> None:
        """A virtual machine is to move; now and then something happens on the way."""
        world, crms = self._world, [c for c in self._world.crms() if c.machine.data]
        if not crms:
            return
        target = self._scene.data_machine()
        world.fault("kinds", target.name, "a migration there")
        world.workload.prefer(self._random.choice(crms), zoo.MIGRATES, target.name)
        if self._random.random() < 0.5:
            self._scene.when(self._migrates, self._amid_a_migration)

    def _migrates(self) -> list[Machine]:
        """Who is pushing, or being pushed to."""
        return self._scene.at_work("migrate_to", "migrate_from")

    def _amid_a_migration(self, machine: Machine) -> None:
        dc = self._world.dc()
        what = self._random.choice(("dc", "lrm", "power", "elsewhere"))
        self._world.sometimes("something happened amid a migration")
        self._world.fault("kinds", machine.name, f"{what}, amid a migration")
        if what == "dc" and dc is not None:
            dc.machine.kill_part("crm")
        elif what == "lrm":
            machine.kill_part("lrm")
        elif what == "power":
            machine.power_off("cable pulled")
            self._scene.undo_after(5, 40, machine.power_on)
        elif dc is not None:
            other = self._scene.data_machine()
            self._world.workload.prefer(dc, zoo.MIGRATES, other.name)

    def _parameter(self) -> None:
        """Somebody changes what a resource is given."""
        crms = [crm for crm in self._world.crms() if crm.machine.data]
        name = self._random.choice([n for n in self._names() if n not in zoo.GIVEN])
        if crms:
            self._world.fault("kinds", name, "has another parameter")
            parameter, value = self._random.choice(PARAMETERS), str(self._random.randint(1, 3))
            self._world.workload.update(self._random.choice(crms), name, parameter, value)

    def _dies_or_falls_ill(self) -> None:
        machine = self._scene.data_machine()
        running = sorted(set(machine.services) & set(self._names()))
        if running:
            resource = self._random.choice(running)
            self._world.fault("kinds", machine.name, f"{resource} falls ill")
            machine.services[resource].sick = True

    def _starved_for_long(self) -> None:
        """A machine lacks memory for minutes, and all that it is asked takes too long."""
        machine = self._scene.data_machine()
        self._world.fault("kinds", machine.name, "starves for long")
        machine.starve(Pressure(99, 60, 0), 0.9)
        self._scene.undo_after(20, 60, machine.feed)

    def _names(self) -> tuple[str, ...]:
        return self._world.exclusive[4:]

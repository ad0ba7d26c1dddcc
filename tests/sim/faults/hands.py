"""What goes wrong at a node's hands: agents of every kind, fence devices, an LRM at its worst
moment, a crm that is silent or in wrong hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hanode.inputs import Pressure
from tests.sim import zoo
from tests.sim.chance import between
from tests.sim.faults.scene import Faults, Scene, Strike
from tests.sim.rogue import Rogue
from tests.sim.runs import PARAMETERS

if TYPE_CHECKING:
    from tests.sim.machines import Machine

LOOK_EVERY = 0.01
PATIENCE = 20.0
"""Virtual seconds that a moment is waited for."""


class HandFaults(Faults):
    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._rogue = Rogue(scene.world, scene.random)

    def _classes(self) -> dict[str, Strike]:
        return {
            "kinds": self._kinds,
            "devices": self._devices,
            "bounds": self._bounds,
            "rogue": self._rogue_speaks,
            "mute": self._mute,
            "hands": self._moment,
            "unwritten": self._unwritten,
        }

    # -------------------------------------------------------------------------------------- agents

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
            self._when(self._migrates, self._amid_a_migration)

    def _migrates(self) -> list[Machine]:
        """Who is pushing, or being pushed to."""
        return self._at_work("migrate_to", "migrate_from")

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

    # ----------------------------------------------------------------------------- devices, bounds

    def _devices(self, intensity: float) -> None:
        """One is in trouble, and somebody is to be fenced."""
        if not self._world.options.park:
            return
        switch = self._world.switch
        switch.trouble = 0.6 * intensity * self._random.random()
        self._world.fault("devices", "switch", f"{switch.trouble:.2f}")
        self._scene.undo_after(10, 60, lambda: setattr(switch, "trouble", 0.0))
        machine = self._scene.data_machine()
        others = tuple(name for name in self._world.network.names if name != machine.name)
        self._world.network.part((machine.name,), others)
        self._scene.undo_after(5, 40, self._world.network.heal)
        kind = self._random.random()
        if kind < 0.3:
            self._all_stuck()
        elif kind < 0.5 and (crms := self._world.crms()):
            self._world.workload.without_power(self._random.choice(crms))

    def _all_stuck(self) -> None:
        """The file server that all need is away, for fence agents too."""
        for machine in self._world.data_machines:
            machine.agents.stick()
            self._scene.undo_after(1, 20, machine.agents.go_on)

    def _bounds(self, intensity: float) -> None:
        """Everything is looked at anew, at once."""
        crms = [crm for crm in self._world.crms() if crm.machine.data and not crm.paused]
        if crms:
            self._world.fault("bounds", "operator", "cleans up everything")
            self._world.workload.cleanup(self._random.choice(crms))

    # --------------------------------------------------------------------------------------- crms

    def _rogue_speaks(self, intensity: float) -> None:
        machine = self._scene.data_machine()
        self._world.fault("rogue", machine.name)
        self._rogue.strike(machine)

    def _mute(self, intensity: float) -> None:
        """A crm says nothing for a while, or dies again and again, and its node is cut off."""
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

    # ------------------------------------------------------------------------------------- moments

    def _moment(self, intensity: float) -> None:
        self._random.choice((
            self._lrm_dies_as_it_fences, self._lrm_dies_as_it_stops_by_itself,
            self._lrm_dies_as_it_tells, self._disk_refuses_the_term, self._disk_refuses_the_term,
            self._cut_off_as_it_is_let_in,
        ))()  # fmt: skip

    def _lrm_dies_as_it_fences(self) -> None:
        self._cut_off(self._scene.data_machine())
        self._when(
            lambda: [m for m in self._world.data_machines if any(r.fences for r in m.agents.runs)],
            lambda machine: self._lrm_dies(machine, "as it fences"),
        )

    def _lrm_dies_as_it_stops_by_itself(self) -> None:
        """Without quorum, by its own rule."""
        victim = self._scene.data_machine()
        victim.agents.trouble = self._random.choice((0.0, 0.8))
        self._cut_off(victim)

        def stops() -> list[Machine]:
            runs = victim.agents.runs
            alone = any(r.told.get("HANODE_ORDER", "").startswith("alone.") for r in runs)
            return [victim] if alone else []

        def strike(machine: Machine) -> None:
            self._lrm_dies(machine, "as it stops by itself")
            machine.agents.trouble = 0.0

        self._when(stops, strike)
        self._scene.undo_after(PATIENCE, PATIENCE + 1, victim.agents.well)

    def _lrm_dies_as_it_tells(self) -> None:
        """... agents what was done elsewhere, which nobody may do twice."""
        self._when(
            lambda: self._at_work("notify", "migrate_to", "migrate_from"),
            lambda machine: self._lrm_dies(machine, "amid what is done once"),
        )

    def _cut_off_as_it_is_let_in(self) -> None:
        """Whoever is just being let in is cut off anew, and so to be fenced again."""

        def let_in() -> list[Machine]:
            runs = [r for m in self._world.data_machines for r in m.agents.runs]
            plugs = [r.stdin.get("plug", "") for r in runs if r.fences and r.task == "on"]
            return [m for m in self._world.data_machines if m.name in plugs]

        self._cut_off(self._scene.data_machine())
        self._when(let_in, self._cut_off)

    def _lrm_dies(self, machine: Machine, when: str) -> None:
        self._world.sometimes(f"an LRM died {when}")
        self._world.fault("hands", machine.name, f"its LRM dies {when}")
        machine.kill_part("lrm")

    def _disk_refuses_the_term(self) -> None:
        """A disk takes no writes, or takes its time; the DC dies, and the next one has orders."""
        machine, dc = self._scene.data_machine(), self._world.dc()
        manner = machine.disk.manner
        kind = self._random.choice(("read_only", "stalled"))
        self._world.fault("hands", machine.name, f"{kind}, and a new DC")
        setattr(manner, kind, True)
        self._scene.undo_after(0.5, 15, lambda: setattr(manner, kind, False))
        if dc is not None and dc.machine is not machine:
            dc.machine.kill_part("crm")
        if self._random.random() < 0.5:
            self._scene.undo_after(0.5, 5, lambda: self._cut_off(self._scene.data_machine()))

    def _unwritten(self, intensity: float) -> None:
        """A disk takes no writes for long; the DC goes, and to the next one the node of that disk
        is as good as any to start something on. (Not beside restored disks: who knows better than
        one of those must be able to write, and to vote.)"""
        machine, dc, faults = (
            self._scene.data_machine(),
            self._world.dc(),
            self._world.options.faults,
        )
        if faults["restored"] or faults["laggard"]:
            return
        if dc is None or not self._scene.all_is_well():
            return
        self._world.fault("unwritten", machine.name, "its disk is read-only, and a new DC comes")
        machine.disk.manner.read_only = True
        self._scene.undo_after(25, 45, lambda: setattr(machine.disk.manner, "read_only", False))
        if dc.machine is not machine:
            dc.machine.kill_part("crm")

        def next_dc() -> list[Machine]:
            new = self._world.dc()
            return [new.machine] if new is not None and new is not dc else []

        def strike(_: Machine) -> None:
            self._world.agenda.after(4.0, self._wanted_there, machine)

        self._when(next_dc, strike)

    def _wanted_there(self, machine: Machine) -> None:
        dc = self._world.dc()
        if dc is not None and not dc.paused and not self._scene.over:
            self._world.sometimes("something was to start where the disk takes no writes")
            self._world.workload.prefer(dc, self._random.choice(("p1", "p2")), machine.name)

    # ------------------------------------------------------------------------------ what they share

    def _cut_off(self, machine: Machine) -> None:
        others = tuple(name for name in self._world.network.names if name != machine.name)
        self._world.network.part((machine.name,), others)
        self._scene.undo_after(5, 40, self._world.network.heal)

    def _at_work(self, *tasks: str) -> list[Machine]:
        machines = self._world.data_machines
        return [m for m in machines if any(r.task in tasks for r in m.agents.runs)]

    def _when(self, who: Callable[[], list[Machine]], act: Callable[[Any], None]) -> None:
        """As soon as there is one, within PATIENCE."""
        until = self._world.now + PATIENCE

        def look() -> None:
            if self._scene.over:
                return
            found = who()
            if found:
                pause = between(self._random, 0.001, 0.1)
                self._world.agenda.after(pause, lambda: self._scene.over or act(found[0]))
            elif self._world.now < until:
                self._world.agenda.after(LOOK_EVERY, look)

        look()

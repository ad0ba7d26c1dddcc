"""What goes wrong at a node's hands: fence devices in trouble, an LRM at its worst moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sim.faults.scene import PATIENCE, Faults, Strike

if TYPE_CHECKING:
    from tests.sim.machines import Machine


class HandFaults(Faults):
    def _classes(self) -> dict[str, Strike]:
        return {
            "devices": self._devices,
            "bounds": self._bounds,
            "hands": self._moment,
            "unwritten": self._unwritten,
            "hung": self._hung,
        }

    def _hung(self, intensity: float) -> None:
        """An LRM hangs, for longer than anybody sleeps, and what it ran dies meanwhile."""
        machine = self._scene.data_machine()
        lrm = machine.parts.get("lrm")
        if lrm is None:
            return
        self._world.fault("hung", lrm.who)
        lrm.pause()
        self._scene.undo_after(20, 120, lrm.resume)
        if machine.services:
            name = self._random.choice(sorted(machine.services))
            self._scene.undo_after(1, 20, lambda: machine.set_role(name, None, "died"))

    # ----------------------------------------------------------------------------- devices, bounds

    def _devices(self, intensity: float) -> None:
        """One is in trouble, and somebody is to be fenced."""
        if not self._world.options.park:
            return
        switch = self._world.switch
        switch.trouble = 0.6 * intensity * self._random.random()
        self._world.fault("devices", "switch", f"{switch.trouble:.2f}")
        self._scene.undo_after(10, 60, lambda: setattr(switch, "trouble", 0.0))
        self._scene.cut_off(self._scene.data_machine())
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

    # ------------------------------------------------------------------------------------- moments

    def _moment(self, intensity: float) -> None:
        self._random.choice((
            self._lrm_dies_as_it_fences, self._lrm_dies_as_it_stops_by_itself,
            self._lrm_dies_as_it_tells, self._disk_refuses_the_term, self._disk_refuses_the_term,
            self._cut_off_as_it_is_let_in,
        ))()  # fmt: skip

    def _lrm_dies_as_it_fences(self) -> None:
        self._scene.cut_off(self._scene.data_machine())
        self._scene.when(
            lambda: [m for m in self._world.data_machines if any(r.fences for r in m.agents.runs)],
            lambda machine: self._lrm_dies(machine, "as it fences"),
        )

    def _lrm_dies_as_it_stops_by_itself(self) -> None:
        """Without quorum, by its own rule."""
        victim = self._scene.data_machine()
        victim.agents.trouble = self._random.choice((0.0, 0.8))
        self._scene.cut_off(victim)

        def stops() -> list[Machine]:
            runs = victim.agents.runs
            alone = any(r.told.get("HANODE_ORDER", "").startswith("alone.") for r in runs)
            return [victim] if alone else []

        def strike(machine: Machine) -> None:
            self._lrm_dies(machine, "as it stops by itself")
            machine.agents.trouble = 0.0

        self._scene.when(stops, strike)
        self._scene.undo_after(PATIENCE, PATIENCE + 1, victim.agents.well)

    def _lrm_dies_as_it_tells(self) -> None:
        """... agents what was done elsewhere, which nobody may do twice."""
        self._scene.when(
            lambda: self._scene.at_work("notify", "migrate_to", "migrate_from"),
            lambda machine: self._lrm_dies(machine, "amid what is done once"),
        )

    def _cut_off_as_it_is_let_in(self) -> None:
        """Whoever is just being let in is cut off anew, and so to be fenced again."""

        def let_in() -> list[Machine]:
            runs = [r for m in self._world.data_machines for r in m.agents.runs]
            plugs = [r.stdin.get("plug", "") for r in runs if r.fences and r.task == "on"]
            return [m for m in self._world.data_machines if m.name in plugs]

        self._scene.cut_off(self._scene.data_machine())
        self._scene.when(let_in, self._scene.cut_off)

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
            self._scene.undo_after(0.5, 5, lambda: self._scene.cut_off(self._scene.data_machine()))

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

        self._scene.when(next_dc, strike)

    def _wanted_there(self, machine: Machine) -> None:
        dc = self._world.dc()
        if dc is not None and not dc.paused and not self._scene.over:
            self._world.sometimes("something was to start where the disk takes no writes")
            self._world.workload.prefer(dc, self._random.choice(("p1", "p2")), machine.name)

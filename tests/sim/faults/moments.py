"""Faults that wait for their moment: a commit under way, an office just taken, a start unheard.

What strikes at random finds such moments once in hours: they last milliseconds. Each of these looks
for its own, a while at most, and then does the harm that only then is one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.sim.chance import between
from tests.sim.faults.scene import Faults, Strike

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart

LOOK_EVERY = 0.002
PATIENCE = 15.0
"""Virtual seconds that a moment is waited for."""
NAP_MAX = 18.0
"""A crm that sleeps longer than settings.JOIN_LIMIT is no crm any more: its node falls silent."""
MOVED = ("p1", "p2")
"""Resources that an operator moves at the wrong time."""


class MomentFaults(Faults):
    def _classes(self) -> dict[str, Strike]:
        return {"moment": self._moment, "hands-off": self._hands_off}

    def _moment(self, intensity: float) -> None:
        self._random.choice((
            self._asleep_amid_a_commit, self._asleep_amid_a_thought, self._first_word_lost,
            self._start_unheard, self._start_unbegun, self._fencing_told_late,
            self._asleep_past_the_lease,
        ))()  # fmt: skip

    # --------------------------------------------------------------------------------- the moments

    def _asleep_amid_a_commit(self) -> None:
        """The DC's crm falls asleep as an answer to its walk is being committed; awake, it learns
        of that commit first, and of the next DC after."""

        def ready() -> bool:
            dc: Any = self._dc()
            walk = dc.core.coordination.walk if dc is not None else None
            return walk is not None and dc.core.seat.log.last.index > dc.core.seat.commit

        self._when(ready, lambda: self._dc_naps("amid a commit"))

    def _asleep_amid_a_thought(self) -> None:
        """The same as its policy engine thinks, and all its followers have answered: awake, it
        begins by acting on what that decided."""

        def ready() -> bool:
            dc: Any = self._dc()
            if dc is None or dc.core.coordination.asked_at is None:
                return False
            return not any(progress.sent_at for progress in dc.core.seat.progress.values())

        self._when(ready, lambda: self._dc_naps("as its PE thinks"))

    def _dc_naps(self, why: str) -> None:
        dc = self._dc()
        assert dc is not None
        self._nap(dc, 1.2, 2.0, why, self._world.options.timing.slowness)

    def _first_word_lost(self) -> None:
        """A DC dies; the next one falls asleep as it takes office, and nobody has heard of it."""
        dc = self._dc()
        if dc is None:
            return
        self._world.fault("moment", dc.who, "dies, so that another is elected")
        dc.machine.kill_part("crm")

        def ready() -> bool:
            new: Any = self._dc()
            return new is not None and new.core.coordination.in_office and not (
                new.core.coordination.opened
            )  # fmt: skip

        def strike() -> None:
            new = self._dc()
            assert new is not None
            for other in self._world.network.names:
                if other != new.name:
                    self._world.streams.reset(new.name, other)
            self._nap(new, 2.5, 4.0, "as it takes office", self._world.options.timing.deadtime)

        self._when(ready, strike)

    def _start_unheard(self) -> None:
        """A resource starts where an operator wanted it; nobody hears of that, the operator wants
        it elsewhere, and the DC dies."""
        moved = self._move()
        if moved is None:
            return
        resource, old, new = moved

        def begun() -> bool:
            runs = new.agents.runs
            return any(run.resource == resource and run.task == "start" for run in runs)

        def strike() -> None:
            crm, dc = new.crm, self._dc()
            if crm is None or dc is None or dc.machine is new:
                return
            self._nap(crm, 0.8, 1.0, "as what it was told to start starts", NAP_MAX)
            self._world.workload.prefer(dc, resource, old.name)
            self._when(lambda: self._wanted(resource, old), lambda: dc.machine.kill_part("crm"))

        self._when(begun, strike)

    def _start_unbegun(self) -> None:
        """An LRM sleeps while it is told to start something, until long after all patience; by
        then an operator wants it elsewhere."""
        moved = self._move()
        if moved is None:
            return
        resource, old, new = moved
        lrm = new.parts.get("lrm")
        if lrm is None:
            return
        lrm.pause()
        self._world.fault("moment", lrm.who, f"sleeps before {resource} starts")
        self._scene.undo_after(25, 45, lrm.resume)

        def strike() -> None:
            dc = self._dc()
            if dc is not None:
                self._world.sometimes("an LRM slept as it was told to start something")
                self._world.workload.prefer(dc, resource, old.name)

        self._when(lambda: resource not in old.services, lambda: self._soon(strike))

    def _fencing_told_late(self) -> None:
        """Whoever fences a node hears of its success, and can tell nobody before that node is
        back."""
        victim = self._scene.data_machine()
        if not (victim.powered and self._scene.all_is_well()):
            return
        self._world.fault("moment", victim.name, "loses its power, to be fenced")
        victim.power_off("cable pulled")

        def executor() -> Machine | None:
            busy = [m for m in self._world.data_machines if any(r.fences for r in m.agents.runs)]
            return busy[0] if busy else None

        def strike() -> None:
            machine = executor()
            if machine is not None and machine.crm is not None:
                self._nap(machine.crm, 0.8, 1.0, "as it fences", NAP_MAX)

        self._when(lambda: executor() is not None, strike)

    def _asleep_past_the_lease(self) -> None:
        """The DC's heartbeat sleeps; before it wakes up, to what was said while it was still heard,
        it is cut off and given up, and the switch is in no hurry to end it."""
        dc, world, dead = self._dc(), self._world, self._world.options.timing.deadtime
        heart = dc.machine.parts.get("heart") if dc is not None else None
        if dc is None or heart is None or not self._scene.all_is_well():
            return
        others = tuple(name for name in world.network.names if name != dc.name)
        world.fault("moment", heart.who, "sleeps past its lease, cut off")
        heart.pause()
        world.switch.manner = "fails"
        self._scene.undo_after(
            0.05 * dead, 0.5 * dead, lambda: world.network.part((dc.name,), others)
        )
        self._scene.undo_after(dead, 1.6 * dead, heart.resume)
        self._scene.undo_after(4 * dead, 8 * dead, self._switch_and_cables_work)

    def _switch_and_cables_work(self) -> None:
        self._world.switch.manner = ""
        self._world.network.heal()

    def _hands_off(self, intensity: float) -> None:
        """A node is cut off as all have been told to leave alone what runs; the others are told
        that this is over, and it is not."""
        dc, world = self._dc(), self._world
        machine = self._scene.data_machine()
        if dc is None or not machine.services or not self._scene.all_is_well():
            return
        others = tuple(name for name in world.network.names if name != machine.name)
        world.fault("hands-off", machine.name, "is to be cut off in maintenance")
        world.workload.maintenance(dc, True)

        def known() -> bool:
            core: Any = machine.crm.core if machine.crm is not None else None
            return core is not None and core.state.options.get("maintenance-mode") == "true"

        def strike() -> None:
            world.network.part((machine.name,), others)
            self._scene.undo_after(40, 60, world.network.heal)

        self._when(known, strike)
        world.agenda.after(20.0, world.workload.end_maintenance)

    # ------------------------------------------------------------------------------ what they share

    def _when(self, ready: Callable[[], bool], act: Callable[[], None]) -> None:
        """As soon as that is so, if it is within PATIENCE."""
        until = self._world.now + PATIENCE

        def look() -> None:
            if self._scene.over:
                return
            if ready():
                act()
            elif self._world.now < until:
                self._world.agenda.after(LOOK_EVERY, look)

        look()

    def _soon(self, act: Callable[[], None]) -> None:
        self._world.agenda.after(0.2, act)

    def _dc(self) -> CrmPart | None:
        dc = self._world.dc()
        return None if dc is None or dc.paused or not dc.machine.data else dc

    def _nap(self, crm: CrmPart, low: float, high: float, why: str, unit: float) -> None:
        """It sleeps so many units, and wakes up in time to be still itself."""
        self._world.fault("moment", crm.who, f"sleeps {why}")
        self._world.sometimes(f"a crm slept {why}")
        crm.pause()
        time = min(between(self._random, low, high) * unit, NAP_MAX)
        self._world.agenda.after(time, self._wake, crm)

    def _wake(self, crm: CrmPart) -> None:
        crm.resume()

    def _move(self) -> tuple[str, Machine, Machine] | None:
        """An operator moves a resource: which, from where, to where. Not onto the DC, which may
        have to die."""
        dc, resource = self._dc(), self._random.choice(MOVED)
        machines = self._world.data_machines
        old = next((m for m in machines if resource in m.services), None)
        if dc is None or old is None or not self._scene.all_is_well():
            return None
        others = [m for m in machines if m is not old and m is not dc.machine and m.belongs]
        if not others:
            return None
        new = self._random.choice(others)
        self._world.fault("moment", new.name, f"{resource} is to move there from {old.name}")
        self._world.workload.prefer(dc, resource, new.name)
        return resource, old, new

    def _wanted(self, resource: str, machine: Machine) -> bool:
        """The DC's log says so, committed."""
        dc: Any = self._dc()
        words = f'id="cli-prefer-{resource}" rsc="{resource}" node="{machine.name}"'
        return dc is not None and words in dc.core.state.cib

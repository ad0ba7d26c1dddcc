"""Where faults strike: the world, the chance that picks the victims, and whether it is over."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from tests.sim.chance import between

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World

Strike = Callable[[float], None]
"""One fault of a class, at this intensity (0 to 1)."""
LOOK_EVERY = 0.01
PATIENCE = 20.0
"""Virtual seconds that a moment is waited for."""


class Faults:
    """Those of one theme; `strikes` has one for each class that can be asked for."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._world = scene.world
        self._random = scene.random
        self.strikes = self._classes()

    def _classes(self) -> dict[str, Strike]:
        raise NotImplementedError


class Scene:
    def __init__(self, world: World, random: Random) -> None:
        self.world = world
        self.random = random
        self.over = False
        """No more faults: what is broken is mended by the nemesis, all at once."""

    def undo_after(self, low: float, high: float, undo: Callable[[], None]) -> None:
        """Undo it after a while, short or long."""

        def mend() -> None:
            if not self.over:
                undo()

        self.world.agenda.after(between(self.random, low, high), mend)

    def machine(self) -> Machine:
        return self.random.choice(list(self.world.machines.values()))

    def victim(self) -> Machine:
        """Any machine, the DC's more often than chance would have it."""
        dc = self.world.dc()
        return dc.machine if dc is not None and self.random.random() < 0.3 else self.machine()

    def data_machine(self) -> Machine:
        return self.random.choice(self.world.data_machines)

    def cut_off(self, machine: Machine) -> None:
        """Nobody hears it for a while, nor does it hear anybody."""
        others = tuple(name for name in self.world.network.names if name != machine.name)
        self.world.network.part((machine.name,), others)
        self.undo_after(5, 40, self.world.network.heal)

    def at_work(self, *tasks: str) -> list[Machine]:
        """Where an agent is just doing one of these."""
        machines = self.world.data_machines
        return [m for m in machines if any(r.task in tasks for r in m.agents.runs)]

    def when(self, who: Callable[[], list[Machine]], act: Callable[[Machine], None]) -> None:
        """As soon as there is one, within PATIENCE."""
        until = self.world.now + PATIENCE

        def strike(victim: Machine) -> None:
            if not self.over:
                act(victim)

        def look() -> None:
            if self.over:
                return
            found = who()
            if found:
                self.world.agenda.after(between(self.random, 0.001, 0.1), strike, found[0])
            elif self.world.now < until:
                self.world.agenda.after(LOOK_EVERY, look)

        look()

    def all_is_well(self) -> bool:
        """All that belong run, hear each other, and have a DC; what is committed is everywhere."""
        world = self.world
        views = [getattr(crm.core, "pulse", None) for crm in world.crms() if crm.machine.data]
        known = all(pulse and len(pulse.view.names) == len(world.voters) for pulse in views)
        parts = [part for machine in world.belonging for part in machine.parts.values()]
        awake = not any(part.paused or part.began_at > world.now - 10.0 for part in parts)
        whole = len(parts) == sum(3 if machine.data else 2 for machine in world.belonging)
        dc = world.dc()
        if dc is None or not (known and awake and whole and world.network.whole):
            return False
        seats = [getattr(crm.core, "seat", None) for crm in world.crms() if crm.machine.data]
        committed = getattr(dc.core, "seat").commit  # noqa: B009
        return all(seat and seat.log.durable >= committed for seat in seats)

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

"""When things go wrong: each class of faults strikes at times of its own, as often as the seed
says, until it is told to stop."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.sim.disk import Manner
from tests.sim.faults.crms import CrmFaults
from tests.sim.faults.disks import DiskFaults
from tests.sim.faults.hands import HandFaults
from tests.sim.faults.kinds import KindFaults
from tests.sim.faults.machines import MachineFaults
from tests.sim.faults.members import MemberFaults
from tests.sim.faults.moments import MomentFaults
from tests.sim.faults.network import NetworkFaults
from tests.sim.faults.scene import Scene, Strike
from tests.sim.faults.services import ServiceFaults

if TYPE_CHECKING:
    from tests.sim.world import World

PAUSES = {
    "partition": 25.0, "oneway": 25.0, "flap": 40.0, "link": 30.0, "streams": 20.0, "crash": 10.0,
    "hanode": 30.0, "power": 45.0, "pause": 20.0, "disk": 20.0, "services": 15.0,
    "operator": 10.0, "clock": 20.0, "agents": 20.0, "fencing": 20.0,
    "loss": 15.0, "duplication": 15.0, "delay": 15.0, "restored": 25.0, "outsider": 10.0,
    "traitor": 10.0, "members": 12.0, "lost": 25.0, "full": 20.0,
    "refused": 25.0, "moment": 20.0, "lasso": 60.0, "laggard": 40.0, "isolation": 40.0,
    "starved": 25.0, "levels": 40.0, "hands-off": 60.0, "kinds": 8.0, "devices": 30.0,
    "bounds": 15.0, "rogue": 10.0, "mute": 30.0, "hands": 20.0, "unwritten": 45.0,
    "hung": 60.0,
}  # fmt: skip
"""Mean seconds between two strikes of a class at full intensity."""


class Nemesis:
    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random
        self._scene = Scene(world, random)
        self._disks = DiskFaults(self._scene)
        classes = (
            NetworkFaults, MachineFaults, ServiceFaults, MemberFaults, MomentFaults, KindFaults,
            HandFaults, CrmFaults,
        )  # fmt: skip
        every = (self._disks, *(faults(self._scene) for faults in classes))
        self._strikes: dict[str, Strike] = {
            kind: strike for faults in every for kind, strike in faults.strikes.items()
        }

    def start(self) -> None:
        for kind, intensity in self._world.options.faults.items():
            if intensity > 0:
                self._plan(kind, intensity)

    def stop(self) -> None:
        """No more faults, and what they broke that does not mend itself is mended."""
        self._scene.over = True
        world = self._world
        world.note("nemesis", "stops")
        for passage in world.passages.values():
            passage.settle()
        weather = world.network.weather
        weather.loss = weather.duplication = weather.spikes = 0.0
        weather.delay = world.options.delay
        world.network.heal()
        world.switch.trouble, world.switch.manner, world.switch.closed = 0.0, "", ""
        world.ports.trouble = 0.0
        for machine in world.machines.values():
            machine.agents.well()
            machine.disk.manner = Manner()
            for service in machine.services.values():
                service.sick = False
            for part in list(machine.parts.values()):
                part.resume()

    # --------------------------------------------------------------------------------------- rhythm

    def _plan(self, kind: str, intensity: float) -> None:
        mean = PAUSES[kind] / intensity
        self._world.agenda.after(self._random.expovariate(1 / mean), self._strike, kind, intensity)

    def _strike(self, kind: str, intensity: float) -> None:
        if not self._scene.over:
            if not self._disks.recovering():
                self._strikes[kind](intensity)
            self._plan(kind, intensity)

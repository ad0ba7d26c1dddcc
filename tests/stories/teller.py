"""Tells a story to a simulated cluster, line by line, and holds it to what it expects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from hanode.settings import Timing
from tests.sim.liveness import unsettled
from tests.sim.machines import Machine
from tests.sim.options import FAULTS, Options
from tests.sim.scenery import EXCLUSIVE, PROMOTABLE
from tests.sim.world import World
from tests.stories.language import Story, Telling, Unfulfilled


class Teller(Telling):
    """One story and its cluster."""

    VERBS = (
        "start", "power", "kill", "pause", "resume", "cut", "isolate", "heal", "reset", "switch",
        "fail", "sicken", "remember", "wait", "standby", "online", "move", "cleanup", "maintenance",
        "fence", "expect",
    )  # fmt: skip

    def __init__(self, path: Path, seed: int = 1) -> None:
        super().__init__(Story(path))
        self.world = World(options(seed, self.story.shape))
        self._remembered: tuple[Any, ...] = ()
        self._power_losses: dict[str, int] = {}

    def tell(self) -> list[str]:
        """Run it to its end; its trace. Raises Unfulfilled, or sim's Violation."""
        self.play()
        return self.world.trace.tail(1000)

    def note(self, text: str) -> None:
        self.world.note("", text)

    @property
    def now(self) -> float:
        return self.world.now

    def pass_time(self, seconds: float) -> None:
        self.world.agenda.run(self.world.now + seconds)

    def meant(self, words: list[str]) -> str:
        dc = self.world.dc()
        if words == ["the", "dc"] and dc is not None:
            return dc.name
        if words == ["a", "follower"]:
            return next(c.name for c in self.world.crms() if c is not dc and c.machine.data)
        if words[:3] == ["the", "node", "of"]:
            return next(iter(self.nodes_of(words[3])))
        raise Unfulfilled(f"who is {' '.join(words)}?")

    # --------------------------------------------------------------------------------- what happens

    def start(self, *names: str) -> None:
        for name in names:
            self._machine(name).power_on(at_once=True)

    def power(self, way: str, name: str) -> None:
        if way == "on":
            self._machine(name).power_on()
        else:
            self._machine(name).power_off("the story says so")

    def kill(self, name: str, part: str = "") -> None:
        if part:
            self._machine(name).kill_part(part)
        else:
            self._machine(name).kill_hanode()

    def pause(self, name: str, *parts: str) -> None:
        for part in self._machine(name).parts.values():
            if part.kind in parts or not parts:
                part.pause()

    def resume(self, name: str) -> None:
        for part in list(self._machine(name).parts.values()):
            part.resume()

    def cut(self, *words: str) -> None:
        if "->" in words:
            self.world.network.cut(words[0], words[2])
        else:
            sides = " ".join(words).split("|")
            self.world.network.part(*(tuple(side.split()) for side in sides))

    def isolate(self, name: str) -> None:
        others = tuple(other for other in self.world.machines if other != name)
        self.world.network.part((name,), others)

    def heal(self) -> None:
        self.world.network.heal()

    def reset(self, a: str, b: str) -> None:
        self.world.streams.reset(a, b)

    def switch(self, manner: str) -> None:
        self.world.switch.manner = {"works": "", "fails": "fails", "hangs": "hangs"}[manner]

    def fail(self, resource: str) -> None:
        for machine in self.world.data_machines:
            machine.set_role(resource, None, "died")

    def sicken(self, resource: str) -> None:
        for machine in self.world.data_machines:
            if resource in machine.services:
                machine.services[resource].sick = True

    def remember(self) -> None:
        self._remembered = self._services()
        self._power_losses = {m.name: m.power_losses for m in self.world.machines.values()}

    # ------------------------------------------------------------------------------- what is asked

    def standby(self, name: str) -> None:
        self.world.workload.standby(self._somebody(), name)

    def online(self, name: str) -> None:
        self.world.workload.standby(self._somebody(), name, False)

    def move(self, resource: str, name: str) -> None:
        self.world.workload.prefer(self._somebody(), resource, name)

    def cleanup(self, resource: str = "") -> None:
        self.world.workload.cleanup(self._somebody(), resource)

    def maintenance(self, way: str) -> None:
        self.world.workload.maintenance(self._somebody(), way == "on")

    def fence(self, name: str) -> None:
        self.world.workload.fence(self._somebody(), name)

    def _somebody(self) -> Any:
        """Whoever may be asked: the DC if there is one."""
        return self.world.dc() or next(c for c in self.world.crms() if c.machine.data)

    # ----------------------------------------------------------------------------- what is expected

    def wrong(self, words: tuple[str, ...]) -> str:
        """What is other than these words say; empty if nothing is."""
        match words:
            case ("dc", *where):
                return self._wrong_dc(where[1:])
            case ("fenced", name):
                lost = self._machine(name).power_losses - self._power_losses.get(name, 0)
                return "" if lost and self._confirmed(name) else f"{name} is not fenced"
            case ("nobody", "fenced"):
                fenced = [m.name for m in self.world.machines.values() if m.power_losses]
                return f"fenced: {fenced}" if fenced else ""
            case ("online", *names):
                return self._wrong_online(names)
            case ("nothing", "restarted"):
                return "" if self._services() == self._remembered else "services changed"
            case ("settled",):
                return unsettled(self.world)
            case ("denied",):
                return "" if self.world.workload.denied else "nothing was denied"
        return self.misplaced(words)

    def _wrong_dc(self, names: list[str]) -> str:
        found = [c.name for c in self.world.crms() if _core(c).role == "dc"]
        wanted = names or list(self.world.machines)
        return "" if len(found) == 1 and found[0] in wanted else f"the DC is {found or 'nobody'}"

    def _wrong_online(self, names: list[str]) -> str:
        dc = self.world.dc()
        if dc is None:
            return "there is no DC"
        nodes = _core(dc).state.nodes
        offline = [name for name in names if not nodes[name].online]
        return f"not online: {offline}" if offline else ""

    def _confirmed(self, name: str) -> bool:
        dc = self.world.dc()
        return dc is not None and any(
            f.target == name and f.status == "success" for f in _core(dc).state.fencings
        )

    def nodes_of(self, resource: str) -> list[str]:
        machines = self.world.data_machines
        if resource == PROMOTABLE:
            roles = [(m.name, m.services.get(resource)) for m in machines]
            return [name for name, service in roles if service and service.role == "promoted"]
        return [m.name for m in machines if resource in m.services]

    def _services(self) -> tuple[Any, ...]:
        """What runs where, since which start."""
        machines = self.world.data_machines
        return tuple(
            (m.name, resource, id(m.services.get(resource)))
            for m in machines
            for resource in (*EXCLUSIVE, PROMOTABLE)
        )

    def _machine(self, name: str) -> Machine:
        machine = self.world.machines.get(name)
        if machine is None:
            raise Unfulfilled(f"no machine {name!r}; there are {', '.join(self.world.machines)}")
        return machine


def options(seed: int, shape: str) -> Options:
    """A cluster at default timing in which nothing goes wrong by itself."""
    plain = Options(seed, shape, 0.0, Timing(), False, 1, 0.001, True)
    return replace(plain, faults=dict.fromkeys(FAULTS, 0.0))


def _core(crm: Any) -> Any:
    return crm.core

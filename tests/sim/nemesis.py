"""What goes wrong: each class of faults strikes at times and places of its own, as hard as the
seed says, until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

from tests.sim import scenery
from tests.sim.chance import between
from tests.sim.hostile import Outsider, Traitor

if TYPE_CHECKING:
    from tests.sim.disk import Copy
    from tests.sim.machines import Machine
    from tests.sim.world import World

PAUSES = {
    "partition": 25.0, "oneway": 25.0, "flap": 40.0, "link": 30.0, "streams": 20.0, "crash": 10.0,
    "hanode": 30.0, "power": 45.0, "pause": 20.0, "disk": 20.0, "services": 15.0,
    "operator": 10.0, "clock": 20.0, "agents": 20.0, "fencing": 20.0,
    "loss": 15.0, "duplication": 15.0, "delay": 15.0, "restored": 25.0, "outsider": 10.0,
    "traitor": 10.0, "members": 12.0, "lost": 25.0,
}  # fmt: skip
"""Mean seconds between two strikes of a class at full intensity."""


class Nemesis:
    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random
        self._over = False
        self._copies: dict[tuple[str, int], Copy] = {}
        """Backups of disks, by the member's name and number."""
        self._recovering: Machine | None = None
        """It runs on an older copy: until it has caught up, nothing else goes wrong."""
        self._outsider = Outsider(world, random)
        self._traitor = Traitor(world, random)
        self._strikes: dict[str, Callable[[float], None]] = {
            "loss": self._loss,
            "duplication": self._duplication,
            "delay": self._delay,
            "partition": self._partition,
            "oneway": self._oneway,
            "flap": self._flap,
            "link": self._link,
            "streams": self._streams,
            "crash": self._crash,
            "hanode": self._hanode,
            "power": self._power,
            "pause": self._pause,
            "disk": self._disk,
            "agents": self._agents,
            "services": self._services,
            "fencing": self._fencing,
            "operator": self._operator,
            "clock": self._clock,
            "restored": self._restored,
            "members": self._members,
            "lost": self._lost,
            "outsider": lambda intensity: self._hostile("outsider", "network"),
            "traitor": lambda intensity: self._hostile("traitor", self._one_who_turned()),
        }

    def start(self) -> None:
        for kind, intensity in self._world.options.faults.items():
            if intensity > 0:
                self._plan(kind, intensity)

    def stop(self) -> None:
        """No more faults, and what they broke that does not mend itself is mended."""
        self._over = True
        world = self._world
        world.note("nemesis", "stops")
        for passage in world.passages.values():
            passage.settle()
        weather = world.network.weather
        weather.loss = weather.duplication = weather.spikes = 0.0
        weather.delay = world.options.delay
        world.network.heal()
        world.switch.trouble = 0.0
        for machine in world.machines.values():
            machine.agents.trouble = 0.0
            machine.disk.manner.stalled = machine.disk.manner.read_only = False
            machine.disk.manner.latency = 0.002
            for service in machine.services.values():
                service.sick = False
            for part in list(machine.parts.values()):
                part.resume()

    # --------------------------------------------------------------------------------------- rhythm

    def _plan(self, kind: str, intensity: float) -> None:
        mean = PAUSES[kind] / intensity
        self._world.agenda.after(self._random.expovariate(1 / mean), self._strike, kind, intensity)

    def _strike(self, kind: str, intensity: float) -> None:
        if not self._over:
            if not self._quiet():
                self._strikes[kind](intensity)
            self._plan(kind, intensity)

    def _for(self, low: float, high: float, undo: Callable[[], None]) -> None:
        """Undo it after a while, short or long."""

        def mend() -> None:
            if not self._over:
                undo()

        self._world.agenda.after(between(self._random, low, high), mend)

    def _machine(self) -> Machine:
        return self._random.choice(list(self._world.machines.values()))

    def _victim(self) -> Machine:
        """Any machine, the DC's more often than chance would have it."""
        dc = self._world.dc()
        return dc.machine if dc is not None and self._random.random() < 0.3 else self._machine()

    def _data_machine(self) -> Machine:
        return self._random.choice(self._world.data_machines)

    # -------------------------------------------------------------------------------------- hostile

    def _members(self, intensity: float) -> None:
        """The spare one comes or goes."""
        passage = self._world.passages.get(scenery.SPARE)
        if passage is not None:
            self._world.fault("members", scenery.SPARE, passage.phase)
            passage.strike()

    def _lost(self, intensity: float) -> None:
        """A machine that will not come back as it was; later another one, in its place."""
        passages = self._world.passages
        names = [name for name, p in passages.items() if name in self._world.voters and p.settled]
        gone = [name for name, p in passages.items() if p.phase == "outside"]
        if gone and self._random.random() < 0.7:
            name = self._random.choice(gone)
            self._world.fault("lost", name, "is replaced")
            passages[name].strike()
        elif len(names) > 2 and all(p.settled for p in passages.values()) and self._all_is_well():
            name = self._random.choice(names)
            self._world.fault("lost", name, passages[name].lose())

    def _one_who_turned(self) -> str:
        """A former member that still runs somewhere; else the last one."""
        former = [m.name for m in self._world.data_machines if m.hanode and not m.belongs]
        return former[0] if former else self._world.members[-1].name

    def _hostile(self, kind: str, who: str) -> None:
        self._world.fault(kind, who)
        if kind == "outsider":
            self._outsider.strike(self._random.randint(5, 50))
        else:
            self._traitor.strike(self._world.machines[who])

    # -------------------------------------------------------------------------------------- network

    def _loss(self, intensity: float) -> None:
        weather = self._world.network.weather
        weather.loss = 0.3 * intensity * self._random.random()
        self._world.fault("loss", "network", f"{weather.loss:.2f}")
        self._for(1, 30, lambda: setattr(weather, "loss", 0.0))

    def _duplication(self, intensity: float) -> None:
        weather = self._world.network.weather
        weather.duplication = 0.5 * intensity * self._random.random()
        self._world.fault("duplication", "network", f"{weather.duplication:.2f}")
        self._for(1, 30, lambda: setattr(weather, "duplication", 0.0))

    def _delay(self, intensity: float) -> None:
        weather = self._world.network.weather
        weather.spikes = 0.5 * intensity * self._random.random()
        weather.delay = between(self._random, 0.001, 0.05 + 0.2 * intensity)
        self._world.fault("delay", "network", f"{weather.delay:.3f} s, {weather.spikes:.2f}")

        def undo() -> None:
            weather.delay, weather.spikes = self._world.options.delay, 0.0

        self._for(1, 30, undo)

    def _partition(self, intensity: float) -> None:
        """Halves, one against all, a ring, or a bridge of one or two that alone hear both sides."""
        network = self._world.network
        names = list(network.names)
        self._random.shuffle(names)
        at = self._random.randint(1, max(1, len(names) - 1))
        left, right = tuple(names[:at]), tuple(names[at:])
        kind = self._random.choice(("halves", "halves", "bridge", "ring"))
        if kind == "bridge" and len(names) > 2:
            network.part((*left, *right[: self._random.randint(1, 2)]), right)
        elif kind == "ring" and len(names) > 3:
            network.part(*((a, b) for a, b in zip(names, names[1:] + names[:1], strict=True)))
        else:
            network.part(left, right)
        self._world.fault("partition", "network", f"{kind}: {' '.join(left)} | {' '.join(right)}")
        self._for(0.5, 60, network.heal)

    def _oneway(self, intensity: float) -> None:
        """One machine no longer hears one other, or none at all, or is heard by none."""
        network = self._world.network
        a, *others = self._random.sample(network.names, len(network.names))
        kind = self._random.choice(("one", "deaf", "mute"))
        targets = others[:1] if kind == "one" else others
        for b in targets:
            network.cut(*((b, a) if kind == "deaf" else (a, b)))
        self._world.fault("oneway", a, f"{kind}: {' '.join(targets)}")
        lasting = self._random.random() < 0.3  # long enough for what must come of it in the end
        self._for(*((60, 120) if lasting else (0.5, 60)), network.heal)

    def _flap(self, intensity: float) -> None:
        """A cable with a loose contact, at about the pace of the dead time."""
        machine, network = self._machine(), self._world.network
        period = self._world.options.timing.deadtime * between(self._random, 0.3, 3)
        self._world.fault("flap", machine.name, f"every {period:.1f} s")

        def flip(left: int, closed: bool) -> None:
            if self._over:
                return
            for other in network.names:
                if other != machine.name:
                    for pair in ((machine.name, other), (other, machine.name)):
                        (network.mend if closed else network.cut)(*pair)
            if left > 0 or not closed:
                self._world.agenda.after(period, flip, left - 1, not closed)

        flip(self._random.randint(2, 12), False)

    def _link(self, intensity: float) -> None:
        """One of the links of one machine."""
        machine, network = self._machine(), self._world.network
        link = self._random.randrange(network.links)
        for other in network.names:
            if other != machine.name:
                network.cut(machine.name, other, link)
                network.cut(other, machine.name, link)
        self._world.fault("link", machine.name, f"link {link}")
        self._for(1, 40, network.heal)

    def _streams(self, intensity: float) -> None:
        a, b = self._random.sample(self._world.network.names, 2)
        self._world.fault("streams", a, f"reset to {b}")
        self._world.streams.reset(a, b)

    # ------------------------------------------------------------------------------------- machines

    def _crash(self, intensity: float) -> None:
        """kill -9 of one process; of the DC's crm more often than chance would have it."""
        dc = self._world.dc()
        machine = self._victim()
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
        machine = self._machine()
        if self._over or left == 0:
            return
        self._world.fault("crash", machine.name, "crm, amid an election")
        machine.kill_part("crm")
        pause = self._world.options.timing.election * self._random.random()
        self._world.agenda.after(pause, self._storm, left - 1)

    def _hanode(self, intensity: float) -> None:
        machine = self._victim()
        if machine.hanode:
            self._world.fault("hanode", machine.name)
            machine.kill_hanode()

    def _power(self, intensity: float) -> None:
        """One machine; now and then all of them at once."""
        everything = self._random.random() < 0.1
        machines = list(self._world.machines.values()) if everything else [self._victim()]
        for machine in machines:
            if machine.powered:
                self._world.fault("power", machine.name)
                machine.power_off("cable pulled")
            self._for(1, 60, machine.power_on)

    def _pause(self, intensity: float) -> None:
        """SIGSTOP of one process or of all, shorter or longer than any timeout."""
        machine = self._victim()
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
            self._for(0.1, 40, part.resume)

    def _asleep_while_cut_off(self, machine: Machine) -> None:
        """It wakes up to what it heard last, and to nothing more: about when it is given up."""
        network, dead = self._world.network, self._world.options.timing.deadtime
        heart = machine.parts.get("heart")
        if heart is None:
            return
        others = tuple(name for name in network.names if name != machine.name)
        self._world.fault("pause", heart.who, "and is cut off meanwhile")
        heart.pause()
        self._for(0.01, 0.5 * dead, lambda: network.part((machine.name,), others))
        self._for(0.8 * dead, 2 * dead, heart.resume)
        self._for(4 * dead, 8 * dead, network.heal)

    def _at_work(self) -> list[Machine]:
        """Machines on which an agent runs just now, shuffled."""
        busy = [m for m in self._world.data_machines if m.agents.runs and "lrm" in m.parts]
        return self._random.sample(busy, len(busy))

    def _disk(self, intensity: float) -> None:
        manner = self._machine().disk.manner
        kind = self._random.choice(("slow", "slow", "stalled", "read_only"))
        self._world.fault("disk", "disk", kind)
        if kind == "slow":
            manner.latency = between(self._random, 0.005, 1.0)
            self._for(1, 30, lambda: setattr(manner, "latency", 0.002))
        else:
            setattr(manner, kind, True)
            self._for(0.5, 15, lambda: setattr(manner, kind, False))

    def _restored(self, intensity: float) -> None:
        """A machine comes back with an older copy of its disk, while those who know better live
        (else a restored node has to be joined anew, says the manual)."""
        machine = self._data_machine()
        which = machine.name, machine.member.number
        copy = self._copies.get(which)
        if copy is None or self._random.random() < 0.3:
            self._copies[which] = machine.disk.copy()
            return
        if len(self._world.voters) < 3 or not self._all_is_well():
            return
        if machine.name not in self._world.voters or machine.disk.rotten:
            return
        self._world.fault("restored", machine.name, f"its disk as of boot {copy.boot}")
        machine.power_off("restored from a backup")
        machine.disk.restore(copy)
        self._world.invariants.restored(machine)
        self._recovering = machine
        machine.power_on()

    def _all_is_well(self) -> bool:
        world = self._world
        views = [getattr(crm.core, "pulse", None) for crm in world.crms() if crm.machine.data]
        known = all(pulse and len(pulse.view.names) == len(world.voters) for pulse in views)
        parts = [part for machine in world.belonging for part in machine.parts.values()]
        awake = not any(part.paused or part.began_at > world.now - 10.0 for part in parts)
        whole = len(parts) == sum(3 if machine.data else 2 for machine in world.belonging)
        return known and awake and whole and world.network.whole and world.dc() is not None

    def _quiet(self) -> bool:
        """Whether a restored disk has still to catch up."""
        machine = self._recovering
        if machine is None:
            return False
        crm, dc = machine.crm, self._world.dc()
        core: Any = crm.core if crm is not None else None
        here = core is not None and dc is not None and machine.name in dc.core.seat.view.names  # type: ignore[attr-defined]
        if here and core.seat.told_commit > 1 and not core.seat.learner:
            self._recovering = None
        return self._recovering is not None

    def _clock(self, intensity: float) -> None:
        """The wall clock jumps; nothing may care."""
        machine = self._machine()
        jump = self._random.choice((-1, 1)) * between(self._random, 1, 3e8)
        if self._world.options.jumps:
            machine.clock.wall_offset += jump
        self._world.fault("clock", machine.name, f"{jump:+.0f} s")

    # ------------------------------------------------------------------------------------- services

    def _agents(self, intensity: float) -> None:
        agents = self._data_machine().agents
        agents.trouble = 0.3 * intensity * self._random.random()
        self._world.fault("agents", "agents", f"{agents.trouble:.2f}")
        self._for(2, 40, lambda: setattr(agents, "trouble", 0.0))

    def _services(self, intensity: float) -> None:
        """A service dies, or falls ill while it runs."""
        machine = self._data_machine()
        if not machine.services:
            return
        resource = self._random.choice(sorted(machine.services))
        if self._random.random() < 0.5:
            self._world.fault("services", machine.name, f"{resource} dies")
            machine.set_role(resource, None, "died")
        else:
            self._world.fault("services", machine.name, f"{resource} falls ill")
            machine.services[resource].sick = True

    def _fencing(self, intensity: float) -> None:
        switch = self._world.switch
        switch.trouble = intensity * self._random.random()
        self._world.fault("fencing", "switch", f"{switch.trouble:.2f}")
        self._for(5, 60, lambda: setattr(switch, "trouble", 0.0))
        if self._random.random() < 0.6:
            self._reason_to_fence()

    def _reason_to_fence(self) -> None:
        """A switch in trouble shows only when it is asked for something."""
        network, name = self._world.network, self._data_machine().name
        others = tuple(other for other in network.names if other != name)
        network.part((name,), others)
        self._world.note("nemesis", "cuts off", name)
        self._for(3, 30, network.heal)

    def _operator(self, intensity: float) -> None:
        self._world.faults["operator"] = self._world.faults.get("operator", 0) + 1
        self._world.workload.something()

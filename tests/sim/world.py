"""A cluster and everything around it, built from one seed."""

from __future__ import annotations

from typing import TextIO

from hanode.effects import Saved, Say
from hanode.inputs import DatagramArrived, PortRefused
from tests.sim import scenery
from tests.sim.agenda import Agenda
from tests.sim.disk import Disk
from tests.sim.invariants import Invariants
from tests.sim.invariants.strangers import every_entry_can_be_applied
from tests.sim.keys import Keys
from tests.sim.machines import Machine
from tests.sim.network import Network, Weather
from tests.sim.options import Options
from tests.sim.parts import CrmPart, HeartPart
from tests.sim.passage import Passage
from tests.sim.policy import Policy
from tests.sim.ports import Ports
from tests.sim.power import Switch
from tests.sim.sometimes import Sometimes
from tests.sim.streams import Streams
from tests.sim.trace import Trace
from tests.sim.workload import Workload

TIME_EVERY = 10.0


class World:
    """One thread, one agenda: machines, what joins them, and who watches."""

    def __init__(self, options: Options, out: TextIO | None = None, wordy: bool = False) -> None:
        self.options = options
        self.wordy = wordy
        self.agenda = Agenda()
        self.trace = Trace(out)
        self.keys = Keys(options.real_keys)
        self.faults: dict[str, int] = {}
        self.sometimes = Sometimes(self)
        self.forged: set[bytes] = set()
        """Datagrams that no member of this cluster ever sent."""
        self.exclusive = scenery.exclusive(options)
        """What may be active on one machine at most."""
        self.never_installed = scenery.never_installed(options)
        self.policy = Policy(options.random("policy"))
        self.members = scenery.members(options, self.keys)
        joins = (self.keys.member(scenery.SPARE, 0, "data", options.links),) * options.spare
        machines = (*self.members, *joins)
        names = tuple(member.name for member in machines)
        weather = Weather(options.delay)
        self.network = Network(
            self.agenda, options.random("network"), names, options.links, weather
        )
        self.streams = Streams(self.agenda, self.network, options.random("streams"), self.crm)
        self.switch = Switch(self, options.random("switch"))
        self.ports = Ports(self, options.random("ports"))
        self.workload = Workload(self, options.random("workload"))
        self.invariants = Invariants(self)
        founding = scenery.founding(options, self.keys, self.members)
        self.machines: dict[str, Machine] = {}
        for member in machines:
            disk = self.disk(member.name, founding)
            machine = self.machines[member.name] = Machine(self, member, disk)
            disk.landed = self.invariants.landing(machine)
        self.invariants.ledger.begin(founding, self.members)
        self.passages = {m.name: Passage(self, m) for m in self.data_machines}
        self.network.deliver, self.network.refused = self._datagram, self._refused
        self.streams.start()
        self._tell_the_time()

    @property
    def now(self) -> float:
        return self.agenda.now

    @property
    def data_machines(self) -> list[Machine]:
        return [machine for machine in self.machines.values() if machine.data]

    @property
    def voters(self) -> list[str]:
        return sorted(self.invariants.ledger.members)

    @property
    def belonging(self) -> list[Machine]:
        """The machines that are members now."""
        return [self.machines[name] for name in self.voters]

    def disk(self, which: object, saved: Saved) -> Disk:
        """A disk that holds this much."""
        random = self.options.random("disk", which)
        return Disk(self.agenda, random, saved, self.options.snapshot_every)

    def crm(self, name: str) -> CrmPart | None:
        return self.machines[name].crm

    def crms(self) -> list[CrmPart]:
        return [crm for machine in self.machines.values() if (crm := machine.crm)]

    def dc(self) -> CrmPart | None:
        """A crm that takes itself for the DC, of the highest term if there are two."""
        found, highest = None, -1
        for machine in self.machines.values():  # asked for five hundred times a second
            part = machine.parts.get("crm")
            if part is not None and getattr(part.core, "role", "") == "dc":
                term = machine.disk.vote.term
                if term > highest:
                    found, highest = machine.crm, term
        return found

    def note(self, who: str, what: str, detail: str = "") -> None:
        self.trace.note(self.agenda.now, who, what, detail)

    def heed(self, who: str, said: Say) -> None:
        self.sometimes.heed(who, said)
        every_entry_can_be_applied(who, said.text)

    def fault(self, kind: str, who: str, detail: str = "") -> None:
        """Something goes wrong, on purpose."""
        self.faults[kind] = self.faults.get(kind, 0) + 1
        self.note(who, f"!{kind}", detail)

    def _tell_the_time(self) -> None:
        """Now and then each node reads its wall clock."""
        for machine in self.machines.values():
            machine.tell_the_time()
        self.agenda.after(TIME_EVERY, self._tell_the_time)

    def _datagram(self, name: str, link: int, data: bytes) -> bool:
        """The supervisor holds the port, whether or not a heartbeat process lives."""
        machine = self.machines[name]
        heart = machine.parts.get("heart")
        if isinstance(heart, HeartPart):
            heart.take(DatagramArrived(link, data))
        return machine.hanode or not machine.powered or not self.options.faults["refused"]

    def _refused(self, name: str, link: int, peer: str) -> None:
        heart = self.machines[name].parts.get("heart")
        if heart is not None:
            self.sometimes("a port was refused")
            heart.give(PortRefused(link, peer))

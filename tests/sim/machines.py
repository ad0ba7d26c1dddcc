"""The truth: machines with power or without, and what really runs on each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hanode.inputs import Pressure, WallClock
from tests.sim import births
from tests.sim.agents import Agents
from tests.sim.clock import Clock
from tests.sim.disk import Disk
from tests.sim.parts import CrmPart, HeartPart, LrmPart, Part

if TYPE_CHECKING:
    from hanode.events import Member
    from tests.sim.world import World

BOOT_TIME = (5.0, 15.0)
"""From power to hanode's start."""
RESPAWN = (0.1, 0.5)
"""Until the supervisor starts a process anew."""
RESPAWN_SLOWLY = 5.0
"""... that can't go on."""


@dataclass(slots=True)
class Service:
    """A resource that runs, whatever anybody believes."""

    role: str
    """started or promoted."""
    sick: bool = False
    """It runs, and fails its monitor."""
    given: dict[str, str] | None = field(default_factory=dict)
    """Parameters that it runs with. None: it was found by a probe, its history being lost; then
    nobody can know, and it passes for what is configured (as in Pacemaker)."""


class Machine:
    """One machine with its disk, its clocks, its services, and the processes of its node."""

    def __init__(self, world: World, member: Member, disk: Disk) -> None:
        self.world = world
        self.member = member
        self.name = member.name
        self.disk = disk
        self.identity = member.name
        """Whose keys it has: a machine that takes its place has others."""
        self.enrolled: tuple[Member, ...] = ()
        """Whom its enrolment named, if it came later than the founding."""
        self.kept: tuple[Member, ...] = () if self.data else world.members
        """A witness keeps no log to know the members from: those that the DC told of last."""
        self.belongs = member.number > 0
        """A member as founded, or enrolled since, and not burnt down."""
        self.random = world.options.random("machine", self.name)
        drift = world.options.faults["clock"] * 2e-4
        self.clock = Clock(1.0 + self.random.uniform(-drift, drift))
        self.powered = False
        self.fenced = False
        """A fence device took its power, and its hanode has not begun anew."""
        self.began = 0.0
        """When its hanode was last started."""
        self.cut = False
        """Off the service network: what it runs is heard by nobody."""
        self.cut_in_boot = 0
        """The latest boot in which it was cut off, or that began so."""
        self.hanode = False
        """The supervisor runs."""
        self.boot = 0
        self.services: dict[str, Service] = {}
        self.agents = Agents(self, world.options.random("agents", self.name))
        self.parts: dict[str, Part] = {}
        self.lease_until = 0.0
        self.lease_at = 0.0
        """When the lease was published, in virtual time."""
        self.power_losses = 0
        self.boots_ended_by_power_loss: set[int] = set()
        self._lives = 0
        self._power_on_count = 0
        self.booting = False
        self._hanode_count = 0

    @property
    def now(self) -> float:
        """What its monotonic clock shows."""
        return self.clock.local(self.world.agenda.now)

    @property
    def data(self) -> bool:
        return self.member.role == "data"

    @property
    def crm(self) -> CrmPart | None:
        part = self.parts.get("crm")
        return part if isinstance(part, CrmPart) else None

    @property
    def again(self) -> tuple[int, ...]:
        """What sets this one apart from a machine of its name that was here before."""
        return (self.member.number,) if self.enrolled else ()

    def renew(self, disk: Disk) -> None:
        """A new machine in this one's place."""
        disk.landed = self.world.invariants.landing(self)
        self.disk = disk
        self.world.invariants.restored(self)

    # ---------------------------------------------------------------------------------------- power

    def power_on(self, at_once: bool = False) -> None:
        if self.powered or not self.belongs or self.world.switch.dark(self):
            return
        self.powered = self.booting = True
        self._power_on_count += 1
        self.clock.restart(self.world.agenda.now)
        self.world.note(self.name, "power", "on")
        low, high = (0.0, 0.2) if at_once else BOOT_TIME
        delay = low + (high - low) * self.random.random()
        self.world.agenda.after(delay, self._booted, self._power_on_count)

    def power_off(self, why: str) -> None:
        """Everything on it ends at once."""
        if not self.powered:
            return
        self.powered = self.booting = False
        self.fenced = why == "fenced"
        self.power_losses += 1
        self.boots_ended_by_power_loss.add(self.boot)
        self.world.note(self.name, "power", f"off: {why}")
        self._end_hanode(silently=True)
        self.agents.lose_power()
        self.disk.lose_power()
        self.services.clear()
        self.lease_until = 0.0
        self.world.invariants.machine_off(self)

    def starve(self, lacks: Pressure, trouble: float) -> None:
        """Its agents get into trouble, and its kernel tells the LRM of what it lacks."""
        self.agents.trouble = trouble
        lrm = self.parts.get("lrm")
        if lrm is not None:
            lrm.give(lacks)

    def feed(self) -> None:
        """It has all it needs again."""
        self.starve(Pressure(5, 0, 0), 0.0)

    def cut_off(self) -> None:
        self.cut_in_boot = self.boot
        if not self.cut:
            self.cut = True
            self.world.note(self.name, "network", "cut off")

    def let_in(self) -> None:
        """What runs here serves again."""
        if self.cut:
            self.cut = False
            self.world.note(self.name, "network", "let in")
            self.world.sometimes("a node was let in again")
            for resource in list(self.services):
                self.world.invariants.service_changed(resource)

    def _booted(self, count: int) -> None:
        if self.powered and count == self._power_on_count:
            self.booting = False
            self.start_hanode()

    # --------------------------------------------------------------------------------------- hanode

    def start_hanode(self) -> None:
        """A new boot of the node."""
        if self.hanode or not self.powered:
            return
        if self.disk.manner.trouble:  # its boot can't be counted; a service manager tries again
            self.world.note(self.name, "hanode", f"can't start: {self.disk.manner.trouble}")
            self.world.agenda.after(RESPAWN_SLOWLY, self.start_hanode)
            return
        self.hanode, self.fenced = True, False
        self.began = self.world.agenda.now
        self._hanode_count += 1
        self.disk.boot += 1
        self.boot = self.disk.boot
        self.cut_in_boot = self.boot if self.cut else self.cut_in_boot
        self._lives = 0
        self.lease_until = 0.0
        self.world.note(self.name, "hanode", f"starts, boot {self.boot}")
        for kind in ("heart", "lrm", "crm") if self.data else ("heart", "crm"):
            self.start_part(kind)

    def kill_hanode(self, restart: bool = True) -> None:
        """kill -9 of all its processes; the services live on."""
        if not self.hanode:
            return
        self.world.note(self.name, "hanode", "killed")
        self._end_hanode(silently=False)
        if restart:
            self.world.agenda.after(1.0 + 3.0 * self.random.random(), self.start_hanode)

    def _end_hanode(self, *, silently: bool) -> None:
        self.hanode = False
        for part in list(self.parts.values()):
            del self.parts[part.kind]
            part.end(silently=silently)
        self.world.invariants.hanode_ended(self)

    # ------------------------------------------------------------------------------------ processes

    def start_part(self, kind: str) -> None:
        if kind == "crm" and self.disk.rotten:
            self.world.note(self.name, "error", "the log is not what was written; join it anew")
            self.world.agenda.after(RESPAWN_SLOWLY, self._respawn, kind, self._hanode_count)
            return
        self._lives += 1
        part = _PARTS[kind](self, _BIRTHS[kind](self, self._lives))
        self.parts[kind] = part
        part.start()
        self._tell_the_time(part)

    def tell_the_time(self) -> None:
        for part in list(self.parts.values()):
            self._tell_the_time(part)

    def _tell_the_time(self, part: Part) -> None:
        if part.kind in ("crm", "lrm") and self.data:
            part.give(WallClock(self.clock.wall(self.world.agenda.now)))

    def kill_part(self, kind: str) -> None:
        part = self.parts.get(kind)
        if part is not None:
            self.world.note(part.who, "killed")
            self._replace(part)

    def part_exited(self, part: Part, left: bool) -> None:
        """By its own will: hanode ends, or the supervisor starts it anew."""
        if self.parts.get(part.kind) is not part:
            return
        if left:
            self._end_hanode(silently=False)
            self.world.invariants.node_left(self, part)
        else:
            self._replace(part)

    def _replace(self, part: Part) -> None:
        del self.parts[part.kind]
        part.end(silently=False)
        low, high = RESPAWN
        delay = low + (high - low) * self.random.random()
        self.world.agenda.after(delay, self._respawn, part.kind, self._hanode_count)

    def _respawn(self, kind: str, count: int) -> None:
        if self.hanode and count == self._hanode_count and kind not in self.parts:
            self.start_part(kind)

    # ------------------------------------------------------------------------------------- services

    def set_role(self, resource: str, role: str | None, why: str) -> None:
        """A service really starts, stops, or changes its role."""
        before = self.services.get(resource)
        if (before.role if before else None) == role:
            return
        if role is None:
            del self.services[resource]
        elif before is None:
            self.services[resource] = Service(role)
        else:
            before.role = role
        self.world.note(self.name, "service", f"{resource} {role or 'stopped'} ({why})")
        self.world.invariants.service_changed(resource)


_PARTS: dict[str, type[Part]] = {"heart": HeartPart, "crm": CrmPart, "lrm": LrmPart}
_BIRTHS = {"heart": births.heart, "crm": births.crm, "lrm": births.lrm}

"""A machine that joins a running cluster, works in it, leaves it, and joins again as a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.effects import Saved
from hanode.events import MemberAdded, MemberRemoved, NodeLeaving
from hanode.inputs import Wake
from tests.sim.disk import Disk

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World

LOOK_EVERY = 1.0
ASK_AGAIN = 8.0


class Newcomer:
    """Drives the spare machine: it is outside, joining, a member, or leaving."""

    def __init__(self, world: World, machine: Machine) -> None:
        self._world = world
        self._machine = machine
        self.phase = "outside"
        self._asked_at = -ASK_AGAIN

    def strike(self) -> None:
        """The next thing that the operator wants of it."""
        if self.phase == "outside":
            self.phase = "joining"
            self._follow()
        elif self.phase == "member" and self._machine.hanode:
            self.phase = "leaving"
            self._follow()

    def settle(self) -> None:
        """No more changes: who was about to leave stays, unless it has gone already."""
        if self.phase == "leaving" and self._machine.hanode:
            self.phase = "member"
        if self.phase == "joining" and self._asked_at < 0:
            self.phase = "outside"

    def _follow(self) -> None:
        """Again and again, until it is so."""
        if self.phase == "joining":
            self._join()
        elif self.phase == "leaving":
            self._leave()
        if self.phase in ("joining", "leaving"):
            self._world.agenda.after(LOOK_EVERY, self._follow)

    def _join(self) -> None:
        world, machine = self._world, self._machine
        member = world.invariants.ledger.members.get(machine.name)
        if member is not None:
            machine.member, self.phase = member, "member"
            machine.enrolled = tuple(world.invariants.ledger.members.values())
            machine.renew(Disk(world.agenda, world.options.random("disk", member.number), Saved()))
            machine.power_on(at_once=True)
            world.sometimes("a node joined")
            return
        state = self._state()
        if state is not None:
            number = state.last_number + 1
            links = world.options.links
            self._ask(MemberAdded(world.keys.member(machine.name, number, "data", links)))

    def _leave(self) -> None:
        world, machine = self._world, self._machine
        if machine.name not in world.invariants.ledger.members:
            machine.enrolled, self.phase = (), "outside"
            machine.power_off("it is no member any more")
            world.sometimes("a node was removed")
        elif machine.hanode:
            state = self._state()
            if state is not None and machine.name in state.nodes:
                self._ask(NodeLeaving(machine.name, machine.boot))
        else:
            state = self._state()
            record = state.nodes.get(machine.name) if state is not None else None
            if record is not None and not record.present and not record.lost:
                self._ask(MemberRemoved(machine.name))

    def _state(self) -> Any:
        dc = self._world.dc()
        core: Any = dc.core if dc is not None and not dc.paused else None
        return core.state if core is not None else None

    def _ask(self, event: Any) -> None:
        """At the DC, as a person there would."""
        dc = self._world.dc()
        if dc is None or self._world.now < self._asked_at + ASK_AGAIN:
            return
        self._asked_at = self._world.now
        self._world.note("operator", "orders", f"{dc.name}: {type(event).__name__}")
        dc.core.state_fact(event, "operator root")  # type: ignore[attr-defined]
        dc.give(Wake())

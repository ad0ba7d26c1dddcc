"""One machine's way into the cluster and out of it: it joins, leaves, or is lost for good, and
another one comes in its place, under its name, on an empty disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.effects import Saved
from hanode.events import MemberAdded, MemberRemoved, NodeLeaving
from hanode.inputs import Wake
from hanode.mgmt.orders import confirm_fenced

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World

LOOK_EVERY = 1.0
ASK_AGAIN = 8.0
UNDER_WAY = ("joining", "leaving", "lost")


def held_back(state: Any, target: str) -> bool:
    """Whether the cluster says that it waits for a person before it fences this node."""
    return any(alarm.subject == f"fencing {target}" for alarm in state.alarms)


class Passage:
    """What the operator does about one machine, phase by phase."""

    def __init__(self, world: World, machine: Machine) -> None:
        self._world = world
        self._machine = machine
        self._random = world.options.random("passage", machine.name)
        self._asked_at = -ASK_AGAIN
        self._final = False
        self._identity = machine.identity
        """Whose keys the machine has that comes in its place: its own."""
        self.phase = "member" if machine.belongs else "outside"
        """outside, joining, member, leaving, lost, and outside again."""

    @property
    def settled(self) -> bool:
        return self.phase not in UNDER_WAY

    def strike(self) -> None:
        """The next thing that the operator wants of it."""
        if self.phase == "outside":
            self._begin("joining")
        elif self.phase == "member" and self._machine.hanode:
            self._begin("leaving")

    def lose(self) -> str:
        """It burns down, with its keys; or its log has rotted, and its crm refuses to serve it."""
        machine = self._machine
        how = self._random.choice(("burnt", "rotten"))
        if how == "burnt":
            machine.belongs = False
            machine.power_off("burnt down")
        else:
            machine.disk.rotten = True
            machine.kill_part("crm")
        self._begin("lost")
        return how

    def settle(self) -> None:
        """No more changes: who was about to leave stays, unless it has gone for good."""
        self._final = True
        if self.phase == "joining" and self._asked_at < 0:
            self.phase = "outside"

    # -------------------------------------------------------------------------------- its phases

    def _begin(self, phase: str) -> None:
        self.phase = phase
        self._follow()

    def _follow(self) -> None:
        """Again and again, until it is so."""
        if self.phase == "joining":
            self._join()
        elif self.phase in ("leaving", "lost"):
            self._part()
        if not self.settled:
            self._world.agenda.after(LOOK_EVERY, self._follow)

    def _join(self) -> None:
        world, machine = self._world, self._machine
        member = world.invariants.ledger.members.get(machine.name)
        if member is not None:
            machine.member, machine.belongs, self.phase = member, True, "member"
            machine.enrolled = tuple(world.invariants.ledger.members.values())
            machine.power_off("installed anew")
            machine.identity = self._identity
            machine.renew(world.disk(member.number, Saved()))
            world.switch.by_hand(machine)
            machine.power_on(at_once=True)
            world.sometimes("a node joined")
            return
        state = self._state()
        if state is not None:
            number = state.last_number + 1
            if not self._identity:
                self._identity = f"{machine.name} {number}"
            links = world.options.links
            new = world.keys.member(machine.name, number, "data", links, self._identity)
            self._ask(MemberAdded(new))

    def _part(self) -> None:
        """It is to be a member no more: shut down first, if it still can be; proved to be down."""
        world, machine = self._world, self._machine
        if machine.name not in world.invariants.ledger.members:
            self._removed()
        elif self._final and self.phase == "leaving" and machine.hanode:
            self.phase = "member"  # it was needed, and has been started again
        elif self.phase == "leaving" and machine.hanode:
            state = self._state()
            if state is not None and machine.name in state.nodes:
                self._ask(NodeLeaving(machine.name, machine.boot))
        else:
            state = self._state()
            record = state.nodes.get(machine.name) if state is not None else None
            if record is not None and not record.present and not record.lost:
                self._ask(MemberRemoved(machine.name))
            elif record is not None and not record.present and held_back(state, machine.name):
                machine.power_off("switched off by hand")
                for word in confirm_fenced(state, machine.name).events:
                    self._ask(word)

    def _removed(self) -> None:
        """(Now and then nobody switches it off, and it goes on with the keys that it had.)"""
        world, machine = self._world, self._machine
        world.sometimes(f"a {'lost ' * (self.phase == 'lost')}node was removed")
        if self.phase == "leaving" and self._random.random() < 0.5:
            machine.start_hanode()
        else:
            machine.power_off("it is no member any more")
        machine.enrolled, machine.belongs, self.phase = (), False, "outside"
        self._identity = ""

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

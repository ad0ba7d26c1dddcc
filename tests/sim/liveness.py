"""What must come in the end: when nothing goes wrong any more, the cluster is soon where its own
reasoning wants it, and everybody knows the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.state import ClusterState, status_of
from tests.sim.invariants import Violation
from tests.sim.passage import held_back
from tests.sim.policy import decide
from tests.sim.scenery import EXCLUSIVE, PROMOTABLE
from tests.sim.workload import parameters

if TYPE_CHECKING:
    from tests.sim.workload import Question
    from tests.sim.world import World

BOUND = 240.0
"""Virtual seconds from the last fault until all is well. Reckoned generously: machines boot (15 s),
a join may wait (20 s), fencing may be under way (60 s), agents may hang until their timeouts."""
HANGS = 8.0
"""An operation's time-out, until it is killed and told of."""
PATIENCE = 5.0
"""For a promise, until a person asks once more."""


class Healing:
    """After the last fault: people bring back what they took, and then all must be well."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: Question | None = None
        self._cleanup: Question | None = None
        self._began = world.now
        self.took = 0.0

    def run(self) -> None:
        """Until the cluster has settled. Raises Violation if it takes too long."""
        world = self._world
        began = self._began = world.now
        while True:
            self._switch_on()
            world.agenda.run(world.now + 1.0)
            self._look_at_alarms()
            wrong = self._wish() or unsettled(world)
            if not wrong:
                self.took = world.now - began
                world.note("cluster", "settled", f"after {self.took:.0f} s")
                return
            if world.now - began > BOUND:
                raise Violation("liveness", f"not settled after {BOUND:.0f} s: {wrong}")

    # ------------------------------------------------------------------ what people put right

    def _switch_on(self) -> None:
        """What the cluster is not just switching off: it would be found on, and struck again."""
        world, dc = self._world, self._world.dc()
        intents = _core(dc).state.intents.values() if dc is not None else ()
        struck = {i.target for i in intents if not held_back(_core(dc).state, i.target)}
        for machine in world.belonging:
            if machine.name not in struck:
                world.switch.by_hand(machine)
                machine.power_on()
            if not machine.hanode and not machine.booting and world.now > self._began + 5.0:
                machine.start_hanode()

    def _look_at_alarms(self) -> None:
        """A fencing that is held back until a person has looked: the person starts it anew."""
        dc = self._world.dc()
        if dc is None:
            return
        state: ClusterState = _core(dc).state
        for intent in state.intents.values():
            held = held_back(state, intent.target)
            machine = self._world.machines[intent.target]
            if held and machine.hanode and machine.boot == intent.boot:
                machine.power_off("by hand")
                machine.power_on()

    def _wish(self) -> str:
        """The next thing that an operator puts right; empty when all is said and promised. They
        look anew each time: what was asked for before may be committed late."""
        world, asked = self._world, self._asked
        if asked is not None and asked.done is None and world.now - asked.asked_at <= PATIENCE:
            return "an operator was promised nothing yet"
        crm = next((c for c in world.crms() if c.machine.data and not c.paused), None)
        dc = world.dc()
        if crm is None or dc is None:
            return "an operator finds nobody to ask"
        state: ClusterState = _core(dc).state
        if 'name="maintenance-mode" value="true"' in state.cib:
            self._asked = world.workload.maintenance(dc, False)
            return "in maintenance"
        for name in state.data_nodes:
            if f'id="nodes-{name}-standby" name="standby" value="on"' in state.cib:
                world.workload.standby(crm, name, False)
                return f"{name} is on standby"
        if self._cleanup is not None and self._cleanup.done is not None:
            return ""
        if world.now >= self._began + HANGS:  # what hangs since the last fault has failed
            self._asked = self._cleanup = world.workload.cleanup(crm)
        return "not cleaned up yet"


def unsettled(world: World) -> str:
    """What is not as it should be yet; empty if everything is."""
    return (
        _parts(world)
        or _one_place(world)
        or _services(world)
        or _open_questions(world)
        or _cut(world)
        or _parameters(world)
        or _one_mind(world)
    )


def _parts(world: World) -> str:
    for machine in world.belonging:
        kinds = ("heart", "crm", "lrm") if machine.data else ("heart", "crm")
        missing = [kind for kind in kinds if kind not in machine.parts]
        if missing:
            return f"{machine.name} has no {missing[0]}"
    return ""


def _one_place(world: World) -> str:
    """One DC, equal logs."""
    dcs = [crm.name for crm in world.crms() if _core(crm).role == "dc"]
    if len(dcs) != 1:
        return f"DCs: {dcs}"
    states = _states(world)
    if len({state.position for state in states}) > 1:
        return "positions differ: " + ", ".join(str(tuple(s.position)) for s in states)
    return ""


def _one_mind(world: World) -> str:
    """Equal logs make equal states."""
    if len({state.digest() for state in _states(world)}) > 1:
        return "equal positions, different states"
    return ""


def _states(world: World) -> list[ClusterState]:
    return [_core(crm).state for m in world.belonging if m.data and (crm := m.crm) is not None]


def _open_questions(world: World) -> str:
    """Everybody is in, no fencing is pending, and the policy engine wants nothing."""
    dc = world.dc()
    assert dc is not None
    state: ClusterState = _core(dc).state
    if state.intents:
        intent = next(iter(state.intents.values()))
        return f"fencing of {intent.target} pending ({intent.failures} failures)"
    offline = [name for name in state.data_nodes if not state.nodes[name].online]
    if offline:
        return f"not online: {' '.join(offline)}"
    if state.transition is not None:
        return f"transition {state.transition.id} under way"
    wanted = decide(state.cib, status_of(state), dc.machine.clock.wall(world.now))
    if not wanted.empty:
        actions = [f"{a.task}@{a.node}" for a in wanted.actions if a.kind != "pseudo"]
        return f"the policy engine wants {'; '.join(actions[:5])}"
    return ""


def _services(world: World) -> str:
    """INV-23, with all nodes online: everything runs, once."""
    for resource in EXCLUSIVE:
        active = [m.name for m in world.data_machines if resource in m.services]
        if len(active) != 1:
            return f"{resource} runs on {active}"
    roles = [m.services[PROMOTABLE].role for m in world.data_machines if PROMOTABLE in m.services]
    if len(roles) != len([m for m in world.belonging if m.data]) or roles.count("promoted") != 1:
        return f"{PROMOTABLE} is {roles}"
    return ""


def _cut(world: World) -> str:
    """Who was cut off is let in."""
    cut = [machine.name for machine in world.belonging if machine.cut]
    return f"still cut off: {' '.join(cut)}" if cut else ""


def _parameters(world: World) -> str:
    """What runs, runs with what is configured."""
    dc = world.dc()
    assert dc is not None
    cib = _core(dc).state.cib
    for machine in world.data_machines:
        for resource, service in machine.services.items():
            wanted = parameters(cib, resource)
            if service.given not in (None, wanted):
                return f"{resource} on {machine.name} runs with {service.given}, not {wanted}"
    return ""


def _core(crm: Any) -> Any:
    return crm.core

"""What must never be: one named function each, asked of the machines (not of what the nodes
believe) whenever something changed that it speaks of. The numbers are RELIABILITY.md's.

Not checked here: INV-4 (no watchdog evidence is given yet), 9 and 10 (asked in liveness.py, as
bounds), 13, 18, 19, 20, 22 (wanted: issue 4), 21 (tests/pe), 26 to 30 and 33 to 35 (no hostile
actor in this simulation yet; unit tests), 32 (one plug a node, named for it).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hanode.effects import Persist
from hanode.messages import Order
from tests.sim.ledger import Ledger
from tests.sim.scenery import EXCLUSIVE, PROMOTABLE

if TYPE_CHECKING:
    from tests.sim.agents import Run
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart, HeartPart, LrmPart, Part
    from tests.sim.workload import Question
    from tests.sim.world import World

SHEDDING = ("stop", "demote", "monitor", "cancel", "notify")
"""Tasks that start nothing."""
FENCINGS_IN_WINDOW, FENCING_WINDOW = 3, 1800.0
TRANSITIONS_IN_A_MINUTE = 200
QUEUE_BOUND = 20_000
"""No collection of a core's grows past this, whatever happens."""


class Violation(Exception):  # noqa: N818 - the word that its readers know
    """What must never be, is."""

    def __init__(self, invariant: str, detail: str) -> None:
        super().__init__(f"{invariant}: {detail}")
        self.invariant = invariant
        self.detail = detail


@dataclass
class Invariants:
    """Watches a world; every function raises Violation or returns."""

    world: World
    ledger: Ledger = field(init=False)
    dc_of: dict[int, str] = field(default_factory=dict)
    """term -> who was DC in it."""
    terms: dict[str, int] = field(default_factory=dict)
    """machine -> the highest term that its disk has promised."""
    votes: dict[tuple[str, int], str] = field(default_factory=dict)
    """(machine, term) -> for whom its disk says that it voted."""
    views: dict[str, Any] = field(default_factory=dict)
    """machine -> the last view of its heart, in this boot. (One that has just been started anew
    has none; the lease that the one before published may still run.)"""
    leases: dict[str, tuple[Any, float]] = field(default_factory=dict)
    """machine -> view and lease when they were looked at last."""
    done: dict[tuple[str, int, str], int] = field(default_factory=dict)
    """(machine, boot, order) -> the lrm's token that carried it out."""
    fencings: dict[str, list[float]] = field(default_factory=dict)
    transitions: deque[float] = field(default_factory=lambda: deque(maxlen=TRANSITIONS_IN_A_MINUTE))
    promised: list[Question] = field(default_factory=list)
    watched: int = 0

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.world, self._fail)

    # ----------------------------------------------------------------- who asks which question when

    def stepped(self, part: Part, given: Any) -> None:
        """After every step of every core."""
        if part.kind == "crm":
            self.one_dc_per_term(part)  # type: ignore[arg-type]
            self.ledger.committed_prefixes_agree(part)  # type: ignore[arg-type]
            while self.promised:
                self.ledger.acknowledged(self.promised.pop())
        elif part.kind == "heart":
            self.at_most_one_side_has_quorum(part)  # type: ignore[arg-type]
        self.watched += 1
        if self.watched % 5000 == 0:
            self.queues_are_bounded(part)

    def landing(self, machine: Machine) -> Callable[[Persist], None]:
        """Told of every durable write of this machine's disk."""

        def landed(persist: Persist) -> None:
            self.ledger.landed(machine, persist)
            if persist.vote is not None:
                self.what_was_promised_survives(machine, persist)

        return landed

    def service_changed(self, machine: Machine, resource: str) -> None:
        self.a_resource_is_active_on_one_powered_machine_at_most(resource)

    def agent_began(self, machine: Machine, run: Run) -> None:
        if run.fences:
            return
        lrm: Any = machine.parts.get("lrm")
        order = order_of(lrm, run.spawn.token)
        if order is None:
            return
        if order.task in ("start", "promote"):
            self.nothing_starts_before_its_old_node_is_stopped_or_fenced(machine, order)
            self.nothing_starts_without_a_lease(machine, order)
        if order.task not in SHEDDING:
            self.an_lrm_forks_under_a_durable_term_only(machine, order)
        if not order.interval_ms:
            self.an_order_is_done_once_in_a_boot(machine, lrm, order, run.spawn.token)

    def order_given(self, crm: CrmPart, order: Order) -> None:
        self.hands_off_in_maintenance(crm, order)
        self.an_old_dc_lost_its_lease_first(crm)

    def order_passed_on(self, crm: CrmPart, order: Order) -> None:
        if getattr(crm.core, "role", "") == "dc":
            self.order_given(crm, order)

    def acknowledged(self, question: Question) -> None:
        self.promised.append(question)  # looked at when this step is over

    def machine_off(self, machine: Machine) -> None:
        self.views.pop(machine.name, None)

    def hanode_ended(self, machine: Machine) -> None:
        self.views.pop(machine.name, None)

    def node_left(self, machine: Machine) -> None:
        self.a_node_that_leaves_runs_nothing(machine)

    # ---------------------------------------------------------------------- exclusivity and fencing

    def a_resource_is_active_on_one_powered_machine_at_most(self, resource: str) -> None:
        """INV-1."""
        if resource in EXCLUSIVE:
            active = [m.name for m in self.world.data_machines if resource in m.services]
        elif resource == PROMOTABLE:
            active = [m.name for m in self.world.data_machines if _promoted(m)]
        else:
            return
        if len(active) > 1:
            self._fail("INV-1 single active", f"{resource} on {' and '.join(active)}")

    def nothing_starts_before_its_old_node_is_stopped_or_fenced(
        self, machine: Machine, order: Order
    ) -> None:
        """INV-2: of no other machine that has power does it run, or is it being started."""
        if order.resource == PROMOTABLE and order.task == "start":
            return
        if order.resource not in (*EXCLUSIVE, PROMOTABLE):
            return
        for other in self.world.data_machines:
            if other is machine:
                continue
            active = (
                _promoted(other)
                if order.resource == PROMOTABLE
                else order.resource in other.services
            )
            if active or _at_work(other, order):
                self._fail(
                    "INV-2 confirm before start",
                    f"{machine.name} begins {order.task} of {order.resource} by order "
                    f"{order.id} while {other.name} has it",
                )

    def nothing_starts_without_a_lease(self, machine: Machine, order: Order) -> None:
        """INV-10 and 18 in part: a start is forked under a quorum lease only."""
        if order.needs_quorum and machine.lease_until <= machine.now:
            self._fail(
                "INV-10 no start without quorum",
                f"{machine.name} begins {order.task} of {order.resource} "
                f"{machine.now - machine.lease_until:.3f} s after its lease",
            )

    def evidence_is_true(self, by: str, target: str, boot: int, evidence: str) -> None:
        """INV-3 (from the ledger): power-verified is said of a boot that did lose its power."""
        machine = self.world.machines[target]
        cut = max(machine.boots_ended_by_power_loss, default=0)
        if evidence == "power-verified" and cut < boot:
            self._fail(
                "INV-3 evidence",
                f"{by} has it confirmed that boot {boot} of {target} lost its power; it did not",
            )

    def fencing_rate(self, target: str) -> None:
        """INV-17 (from the ledger, at each confirmed fencing that the cluster itself wanted)."""
        times = self.fencings.setdefault(target, [])
        times.append(self.world.now)
        recent = [at for at in times if at > self.world.now - FENCING_WINDOW]
        if len(recent) > FENCINGS_IN_WINDOW:
            self._fail("INV-17 rate", f"{target} fenced {len(recent)} times in 30 minutes")

    def no_endless_transitions(self, dc: str) -> None:
        """L6: deciding the same over and over."""
        self.transitions.append(self.world.now)
        full = len(self.transitions) == TRANSITIONS_IN_A_MINUTE
        if full and self.transitions[0] > self.world.now - 60.0:
            self._fail("L6 endless transitions", f"{dc} decides, acts, decides the same")

    # --------------------------------------------------------------------- membership, quorum, DC

    def at_most_one_side_has_quorum(self, part: HeartPart) -> None:
        """INV-7: of two that hold a lease at one instant, the views share a member. (A view may
        have been left a moment ago whose lease still runs; what a DC may do is below.)"""
        core: Any = part.core
        now, lease = part.machine.now, part.machine.lease_until
        known = self.leases.get(part.name)
        if known is not None and known[0] is core._view and (known[1] == lease or known[1] > now):
            self.leases[part.name] = (core._view, lease)  # the same view, the lease unbroken
            return
        self.leases[part.name] = (core._view, lease)
        if core._view.names:
            if self.views.get(part.name) is not core._view:
                self.a_view_is_one_thing(part, core._view)
            self.views[part.name] = core._view
        mine = self.views.get(part.name)
        if mine is None or lease <= now:
            return
        for other in self.world.machines.values():
            view = self.views.get(other.name)
            if other.name == part.name or view is None or other.lease_until <= other.now:
                continue
            if not set(mine.names) & set(view.names):
                self._fail(
                    "INV-7 one quorate side",
                    f"{part.name} with {' '.join(mine.names)}, "
                    f"{other.name} with {' '.join(view.names)}",
                )

    def no_heartbeat_is_taken_twice(self, part: HeartPart, data: bytes) -> None:
        """INV-27."""
        if data in part.taken:
            self._fail("INV-27 no replay", f"{part.name} accepts a heartbeat that it had")
        part.taken.add(data)

    def one_dc_per_term(self, part: CrmPart) -> None:
        """INV-8."""
        core: Any = part.core
        if not core.seat.leads:
            return
        if core.seat.term not in self.dc_of:
            self.an_old_dc_lost_its_lease_first(part)
        known = self.dc_of.setdefault(core.seat.term, part.name)
        if known != part.name:
            self._fail("INV-8 one DC per term", f"{known} and {part.name} in term {core.seat.term}")

    def an_old_dc_lost_its_lease_first(self, part: CrmPart) -> None:
        """INV-7, cluster rule 3: outside the view of a DC that acts, no earlier DC may act."""
        core: Any = part.core
        for other in self.world.crms():
            rival: Any = other.core
            if other is part or not rival.seat.leads or rival.seat.term > core.seat.term:
                continue
            machine = other.machine
            if other.name not in core.seat.view.names and machine.lease_until > machine.now:
                self._fail(
                    "INV-7 lease of the old DC",
                    f"{part.name} leads term {core.seat.term}, {other.name} of term "
                    f"{rival.seat.term} has {machine.lease_until - machine.now:.2f} s left",
                )

    def a_view_is_one_thing(self, part: HeartPart, view: Any) -> None:
        """Of its members, none holds another view of the same number. (Numbers begin anew when
        all who knew them are gone, so only views that are held at one instant are compared.)"""
        for name in view.names:
            heart: Any = self.world.machines[name].parts.get("heart")
            known = heart.core._view if heart is not None else None
            if name == part.name or known is None or known.number != view.number:
                continue
            if known.members != view.members and dict(known.members).get(name) == dict(
                view.members
            ).get(name):
                self._fail(
                    "views are agreed",
                    f"{view.number} is {view.members} at {part.name}, {known.members} at {name}",
                )

    def what_was_promised_survives(self, machine: Machine, persist: Persist) -> None:
        """INV-8: a term never decreases; in one term a disk has one vote."""
        vote = persist.vote
        assert vote is not None
        if vote.term < self.terms.get(machine.name, 0):
            self._fail("INV-8 terms", f"{machine.name} goes back to term {vote.term}")
        self.terms[machine.name] = vote.term
        if vote.voted_for:
            known = self.votes.setdefault((machine.name, vote.term), vote.voted_for)
            if known != vote.voted_for:
                self._fail(
                    "INV-8 one vote per term",
                    f"{machine.name} in term {vote.term}: {known}, then {vote.voted_for}",
                )

    # ------------------------------------------------------------------------------------------ LRM

    def an_lrm_forks_under_a_durable_term_only(self, machine: Machine, order: Order) -> None:
        """INV-15: not under an older term than its disk has, nor before its disk has it."""
        if order.term != machine.disk.lrm_term:
            self._fail(
                "INV-15 term on disk",
                f"{machine.name} forks order {order.id} of term {order.term}; "
                f"on disk is {machine.disk.lrm_term}",
            )

    def an_order_is_done_once_in_a_boot(
        self, machine: Machine, lrm: LrmPart, order: Order, token: int
    ) -> None:
        """INV-16. (After a crash of the lrm an operation that may be repeated is repeated: the
        token of another life begins it.)"""
        if order.task == "monitor":
            return
        key = (machine.name, machine.boot, f"{order.id}/{id(lrm)}")
        known = self.done.setdefault(key, token)
        if known != token:
            self._fail("INV-16 at most once", f"{machine.name} does order {order.id} again")

    # -------------------------------------------------------------------------------- human control

    def hands_off_in_maintenance(self, crm: CrmPart, order: Order) -> None:
        """INV-25: while the DC's own state says maintenance, it orders nothing but monitors."""
        state = crm.core.state  # type: ignore[attr-defined]
        if order.task in ("monitor", "cancel"):
            return
        if 'name="maintenance-mode" value="true"' in state.cib:
            self._fail("INV-25 hands off", f"{crm.name} orders {order.task} of {order.resource}")

    def a_node_that_leaves_runs_nothing(self, machine: Machine) -> None:
        """A node that says that it left on purpose has stopped everything."""
        if machine.services:
            names = " ".join(sorted(machine.services))
            self._fail("left clean", f"{machine.name} left and runs {names}")

    # --------------------------------------------------------------------------------------- bounds

    def queues_are_bounded(self, part: Part) -> None:
        """INV-31, coarsely: nothing that a core holds grows without end."""
        for name, size in _sizes(part.core):
            if size > QUEUE_BOUND:
                self._fail("INV-31 bounds", f"{part.who}.{name} holds {size}")

    def _fail(self, invariant: str, detail: str) -> None:
        raise Violation(invariant, detail)


def order_of(lrm: Any, token: int) -> Order | None:
    """Which order a token of this lrm carries out: looked up in its work."""
    if lrm is None:
        return None
    found = lrm.core._work._begun.get(token)
    if found is None:
        return None
    order = found[1].order
    assert isinstance(order, Order)
    return order


def _promoted(machine: Machine) -> bool:
    service = machine.services.get(PROMOTABLE)
    return service is not None and service.role == "promoted"


def _at_work(machine: Machine, order: Order) -> bool:
    """The same is just being done there."""
    return any(
        run.resource == order.resource and run.task == order.task for run in machine.agents.runs
    )


def _sizes(thing: Any, depth: int = 3) -> list[tuple[str, int]]:
    """The collections in an object's attributes, and in those of its parts."""
    found = []
    names = list(getattr(thing, "__dict__", ())) or list(getattr(thing, "__slots__", ()))
    for name in names:
        value = getattr(thing, name, None)
        if isinstance(value, (str, bytes)) or value is None:
            continue
        if hasattr(value, "__len__"):
            found.append((name, len(value)))
        elif depth and type(value).__module__.startswith("hanode."):
            found += [(f"{name}.{inner}", size) for inner, size in _sizes(value, depth - 1)]
    return found

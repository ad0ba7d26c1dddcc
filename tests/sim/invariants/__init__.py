"""What must never be: one named function each, asked of the machines (not of what the nodes
believe) whenever something changed that it speaks of.

exclusive.py   INV-1, 2, 10, 18, 22: never twice, nothing too early
proof.py       INV-3, 4, 6, 17, 32: fencing       (5, 11 to 14, 20, 27: ../ledger.py, ../said.py)
office.py      INV-7, 8, 11, 14, 24, 27: DC and votes
views.py       INV-7, 9: views and quorum
orders.py      INV-15, 16, 25: what an LRM does
strangers.py   INV-15, 26, 27, 28, 34: whose word counts
former.py      INV-29: whose word counts no more
formats.py     INV-30: what all can read
bounds.py      INV-31, L6

Elsewhere: INV-19 (test_seeds.py: a seed with and without clock jumps), INV-21 (tests/pe), INV-23
and L1 to L5 (liveness.py). INV-33 and 35: no secrets and no shell here; tests/unit.
`python -m tests sim --table` prints where each is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hanode.effects import Persist
from hanode.lrm.calls import LEASED
from hanode.peer_messages import AppendReply, Order, VoteReply
from tests.sim.invariants import bounds, exclusive, formats, orders, strangers
from tests.sim.invariants.former import Former
from tests.sim.invariants.office import Office
from tests.sim.invariants.orders import order_of
from tests.sim.invariants.proof import Proof
from tests.sim.invariants.views import LOOK_EVERY, Views
from tests.sim.invariants.violation import Violation, fail
from tests.sim.ledger import Ledger

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart, HeartPart, Part
    from tests.sim.runs import Run
    from tests.sim.workload import Question
    from tests.sim.world import World

__all__ = ["Invariants", "Violation"]

SHEDDING = ("stop", "demote", "monitor", "cancel", "notify")
"""Tasks that start nothing."""
LOOK_AT_BOUNDS = 5000
"""Steps between two looks at what grows."""


class Invariants:
    """Watches a world: who asks which question when. Every question raises Violation or returns."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ledger = Ledger(world, fail)
        self.office = Office(world)
        self.views = Views(world)
        self.proof = Proof(world)
        self.former = Former()
        self.bounds = bounds.Bounds(world)
        self._orders = orders.Orders()
        self._promised: list[Question] = []
        self._watched = 0
        world.agenda.after(LOOK_EVERY, self._look)

    def stepped(self, part: Part) -> None:
        """After every step of every core, its last one, too: what a crm promised as it ended must
        be kept. (Of who ended amid its effects, the disk may not have all that the core wanted.)"""
        if part.kind == "crm":
            crm: Any = part
            if part.running:
                self.office.one_dc_per_term(crm)
            self.ledger.committed_prefixes_agree(crm)
            while self._promised:
                self.ledger.acknowledged(self._promised.pop())
        elif part.kind == "heart":
            self.views.at_most_one_side_has_quorum(part)  # type: ignore[arg-type]
        self._watched += 1
        if self._watched % LOOK_AT_BOUNDS == 0:
            bounds.queues_are_bounded(part)

    def _look(self) -> None:
        self.views.look()
        self.world.agenda.after(LOOK_EVERY, self._look)

    def applied(self, crm: CrmPart, state: Any) -> None:
        """A crm's state is another than before."""
        self.proof.fenced_means_out(crm.name, state)
        self.proof.what_is_held_for_over_is_over(crm.name, state)
        self.office.the_log_has_the_dc_of_its_term(crm.name, state)
        self.former.read(crm, state.position.index)
        if state.position == self.ledger.committed[-1]:
            self.former.nothing_of_a_former_member_has_force(crm.name, state, self.ledger.members)
        strangers.nobody_speaks_for_another(crm.name, state)

    def landing(self, machine: Machine) -> Callable[[Persist], None]:
        """Told of every durable write of this machine's disk."""

        def landed(persist: Persist) -> None:
            self.ledger.landed(machine, persist)
            if persist.vote is not None:
                self.office.what_was_promised_survives(machine, persist)

        return landed

    def restored(self, machine: Machine) -> None:
        """An older copy is in the disk's place."""
        self.office.restored(machine)
        self.ledger.restored(machine)

    # ------------------------------------------------------------------------------- of machines

    def service_changed(self, resource: str) -> None:
        exclusive.a_resource_is_active_on_one_powered_machine_at_most(self.world, resource)

    def agent_began(self, machine: Machine, run: Run) -> None:
        strangers.nothing_is_done_for_a_rogue(machine, run)
        lrm: Any = machine.parts.get("lrm")
        order = None if run.fences else order_of(lrm, run.spawn.token)
        if order is None:
            return
        if order.task in ("start", "promote"):
            exclusive.nothing_starts_before_its_old_node_is_stopped_or_fenced(
                self.world, machine, order
            )
            exclusive.a_group_starts_in_order(machine, order)
        if order.task in LEASED:
            exclusive.nothing_starts_without_a_lease(machine, order)
            exclusive.who_was_asleep_asks_first(machine, order)
        orders.one_agent_at_a_time_is_at_work(machine, run)
        if order.task not in SHEDDING:
            orders.an_lrm_forks_under_a_durable_term_only(machine, order)
        if not order.interval_ms:
            orders.an_lrm_obeys_no_earlier_dc(machine, order)
            self._orders.an_order_is_done_once_in_a_boot(machine, lrm, order, run.spawn.token)

    def machine_off(self, machine: Machine) -> None:
        self.views.gone(machine)

    def hanode_ended(self, machine: Machine) -> None:
        self.views.gone(machine)

    def node_left(self, machine: Machine, crm: Part) -> None:
        orders.a_node_that_leaves_runs_nothing(machine, crm)

    def crm_began(self, crm: CrmPart) -> None:
        self.office.a_crm_remembers_its_term(crm)

    # ---------------------------------------------------------------------------------- of words

    def sent(self, crm: CrmPart, peer: str, message: Any) -> None:
        """A crm's message to a peer."""
        if isinstance(message, Order):
            self._order_given(crm, message)
        elif isinstance(message, VoteReply):
            self.office.a_vote_is_on_disk_before_it_is_sent(crm, peer, message)
        elif isinstance(message, AppendReply) and message.ok and message.match:
            self.ledger.what_is_acknowledged_is_on_disk(crm, message)

    def order_passed_on(self, crm: CrmPart, order: Order) -> None:
        if getattr(crm.core, "role", "") == "dc":
            self._order_given(crm, order)

    def _order_given(self, crm: CrmPart, order: Order) -> None:
        orders.hands_off_in_maintenance(crm, order)
        self.office.an_old_dc_lost_its_lease_first(crm)

    def heartbeat_sent(self, heart: HeartPart, data: bytes) -> None:
        formats.a_heartbeat_is_of_a_version_that_all_speak(heart, data)

    def heartbeat_taken(self, heart: HeartPart, data: bytes) -> None:
        formats.a_heartbeat_is_of_a_version_that_all_speak(heart, data)
        self.former.nobody_is_heard_who_was_removed(heart, data)
        strangers.no_heartbeat_is_taken_twice(heart, data)
        strangers.no_stranger_is_heard(heart, data, self.world.forged)

    def acknowledged(self, question: Question) -> None:
        self._promised.append(question)  # looked at when this step is over

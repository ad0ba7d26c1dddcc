"""Never twice: what really runs where, and what must be so before something starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.peer_messages import Order
from tests.sim.invariants.violation import fail
from tests.sim.ports import is_held_back, serves
from tests.sim.scenery import GROUP, PROMOTABLE

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World


def a_resource_is_active_on_one_powered_machine_at_most(world: World, resource: str) -> None:
    """INV-1. (What a cut off machine runs of those for which that suffices counts for nothing.)"""
    if resource in world.exclusive:
        active = [m.name for m in world.data_machines if serves(world, m, resource)]
    elif resource == PROMOTABLE:
        heard = (m for m in world.data_machines if serves(world, m, resource))
        active = [m.name for m in heard if promoted(m)]
    else:
        return
    if len(active) > 1:
        fail("INV-1 single active", f"{resource} on {' and '.join(active)}")


def nothing_starts_before_its_old_node_is_stopped_or_fenced(
    world: World, machine: Machine, order: Order
) -> None:
    """INV-2: of no other machine that has power does it run, or is it being started."""
    if order.resource == PROMOTABLE and order.task == "start":
        return
    if order.resource not in (*world.exclusive, PROMOTABLE):
        return
    for other in world.data_machines:
        if other is machine or (other.cut and is_held_back(world, order.resource)):
            continue
        runs = order.resource in other.services
        active = promoted(other) if order.resource == PROMOTABLE else runs
        if active or _at_work(other, order):
            fail(
                "INV-2 confirm before start",
                f"{machine.name} begins {order.task} of {order.resource} by order "
                f"{order.id} while {other.name} has it",
            )


def nothing_starts_without_a_lease(machine: Machine, order: Order) -> None:
    """INV-10: a start, or what makes it run elsewhere, is forked under a quorum lease only."""
    if machine.lease_until <= machine.now:
        fail(
            "INV-10 no start without quorum",
            f"{machine.name} begins {order.task} of {order.resource} "
            f"{machine.now - machine.lease_until:.3f} s after its lease",
        )


def who_was_asleep_asks_first(machine: Machine, order: Order) -> None:
    """INV-18: after a sleep longer than the lease, nothing starts under a lease from before."""
    heart = machine.parts.get("heart")
    if heart is None:
        return
    slept = heart.resumed_at - heart.paused_at
    if slept > machine.world.options.timing.lease and machine.lease_at < heart.resumed_at:
        fail(
            "INV-18 self-distrust",
            f"{machine.name} slept {slept:.1f} s and begins {order.task} of {order.resource}",
        )


def a_group_starts_in_order(machine: Machine, order: Order) -> None:
    """INV-22: at each step, a member of a group starts where the one before it runs. (Services die
    at any moment, also where an LRM hangs; a stop that hangs outlasts the patience of a new DC.)"""
    if order.task != "start" or order.resource not in GROUP[1:]:
        return
    before = GROUP[GROUP.index(order.resource) - 1]
    excused = any(machine.world.faults.get(kind) for kind in ("services", "hung", "agents"))
    if before not in machine.services and not excused:
        fail("INV-22 order", f"{machine.name} starts {order.resource} without {before}")


def promoted(machine: Machine) -> bool:
    service = machine.services.get(PROMOTABLE)
    return service is not None and service.role == "promoted"


def _at_work(machine: Machine, order: Order) -> bool:
    """The same is just being done there."""
    return any(
        run.resource == order.resource and run.task == order.task and not run.doomed
        for run in machine.agents.runs
    )

"""A crm that is asleep while its node comes and goes: what it finds when it wakes up is of then."""

from __future__ import annotations

from typing import Any

from hanode.node.time_bound import isolated_after
from hanode.peer_messages import Order
from tests.sim.options import draw
from tests.sim.world import World


def settled(shape: str, *, fencing: bool) -> World:
    world = World(draw(3, shape, 1.0, (), fencing=fencing))
    for machine in world.machines.values():
        machine.power_on(at_once=True)
    world.agenda.run(60.0)
    return world


def test_what_was_ordered_of_a_boot_that_was_declared_over_is_not_begun() -> None:
    """Without fencing: its time was over, what it was to start runs elsewhere, and its lease is
    renewed as soon as it is heard again. (The world's invariants are what fails.)"""
    world = settled("3", fencing=False)
    dc = world.dc()
    assert dc is not None
    sleeper = next(crm for crm in world.crms() if crm is not dc)
    ordered: list[str] = []
    send = world.streams.send

    def watch(sender: Any, peer: str, message: Any) -> None:
        if isinstance(message, Order) and peer == sleeper.name:
            ordered.append(message.task)
        send(sender, peer, message)

    world.streams.send = watch  # type: ignore[method-assign]
    sleeper.pause()
    world.workload.prefer(dc, "p1", sleeper.name)
    while "start" not in ordered:
        world.agenda.run(world.now + 0.1)
    deadtime = world.options.timing.deadtime
    others = tuple(name for name in world.network.names if name != sleeper.name)
    world.network.part((sleeper.name,), others)
    world.agenda.run(world.now + 3 * deadtime + isolated_after(deadtime))
    assert any("p1" in world.machines[name].services for name in others)
    world.network.heal()
    world.agenda.run(world.now + 2 * deadtime)
    sleeper.resume()
    world.agenda.run(world.now + 60.0)
    assert sum("p1" in machine.services for machine in world.machines.values()) == 1


def test_one_of_two_that_wakes_up_does_not_shoot_the_other_who_is_back() -> None:
    world = settled("2", fencing=True)
    sleeper = world.dc()
    assert sleeper is not None
    sleeper.pause()
    world.agenda.run(world.now + 0.5)
    world.network.part(("n1",), ("n2",))
    deadtime = world.options.timing.deadtime
    world.agenda.run(world.now + 2 * deadtime)
    world.network.heal()
    world.agenda.run(world.now + 3 * deadtime)
    sleeper.resume()
    world.agenda.run(world.now + 60.0)
    assert not any(machine.power_losses for machine in world.machines.values())

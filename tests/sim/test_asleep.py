"""A crm that is asleep with an order to start something, while its node comes and goes."""

from __future__ import annotations

from typing import Any

from hanode.node.time_bound import isolated_after
from hanode.peer_messages import Order
from tests.sim.options import draw
from tests.sim.world import World


def test_what_was_ordered_of_a_boot_that_was_declared_over_is_not_begun() -> None:
    """Without fencing: its time was over, what it was to start runs elsewhere, and its lease is
    renewed as soon as it is heard again. (The world's invariants are what fails.)"""
    world = World(draw(3, "3", 1.0, (), fencing=False))
    for machine in world.machines.values():
        machine.power_on(at_once=True)
    world.agenda.run(60.0)
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

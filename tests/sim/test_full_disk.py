"""A disk that takes no writes costs a node its vote, and nothing of what it runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hanode.events import Edit
from tests.sim.options import draw
from tests.sim.parts import CrmPart
from tests.sim.world import World

LONG = 120.0


def settled_world() -> World:
    options = draw(11, "3", 1.0, ())
    world = World(replace(options, links=1))
    for machine in world.machines.values():
        machine.power_on(at_once=True)
    world.agenda.run(60.0)
    assert world.dc() is not None
    return world


def services(world: World) -> dict[str, set[str]]:
    return {name: set(machine.services) for name, machine in world.machines.items()}


def alarms(world: World) -> list[str]:
    """As every node has them."""
    cores: list[Any] = [crm.core for crm in world.crms()]
    told = {tuple(alarm.subject for alarm in core.state.alarms) for core in cores}
    assert len(told) == 1
    return list(told.pop())


@pytest.mark.parametrize("leads", [True, False])
@pytest.mark.parametrize("kind", ["full", "read_only"])
def test_nothing_moves_and_everybody_knows_why_it_does_not_vote(leads: bool, kind: str) -> None:
    world = settled_world()
    before, dc = services(world), world.dc()
    assert dc is not None
    crm: CrmPart = dc if leads else next(c for c in world.crms() if c is not dc)
    machine = crm.machine
    setattr(machine.disk.manner, kind, True)
    edit = Edit("set", "p1", name="description", value="something to write")
    world.workload.change(crm, edit, "a word")
    world.agenda.run(world.now + LONG)
    assert not machine.power_losses
    assert services(world) == before
    assert machine.crm is crm, "it goes on, and is not started again and again"
    assert alarms(world) == [f"disk {machine.name}"]
    new = world.dc()
    assert new is not None
    assert new.machine is not machine
    setattr(machine.disk.manner, kind, False)
    world.agenda.run(world.now + LONG)
    again: Any = machine.crm
    assert again is not None
    assert again.core.seat.counts
    assert alarms(world) == []

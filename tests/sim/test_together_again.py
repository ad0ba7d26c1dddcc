"""A cluster that fell apart whole, and hears itself again an hour later."""

from __future__ import annotations

from tests.sim.test_asleep import settled


def test_nobody_is_shot_for_being_heard_last_nor_for_what_was_asked_long_ago() -> None:
    """(Found by a reader of the simulator's seed 112023: n1 and n3 formed a view and ordered n2's
    fencing, which was heard 17 ms later; and an operator's order to fence n3, denied an hour ago,
    was carried out.)"""
    world = settled("3", fencing=True)
    dc = world.dc()
    assert dc is not None
    asked, target = [crm for crm in world.crms() if crm is not dc]
    world.network.part(("n1",), ("n2",), ("n3",))
    world.workload.fence(asked, target.name)
    world.agenda.run(world.now + 3600.0)
    assert world.dc() is None
    world.network.heal()
    world.agenda.run(world.now + 60.0)
    assert world.dc() is not None
    assert [machine.power_losses for machine in world.machines.values()] == [0, 0, 0]

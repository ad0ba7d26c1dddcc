"""Two nodes alone that hear each other again, while the one is still about to shoot the other."""

from __future__ import annotations

from tests.sim.power import CUTS, FAILED, Question, Reply
from tests.sim.test_asleep import settled


def test_who_is_heard_again_is_not_shot_by_a_device_that_fails_slowly() -> None:
    world = settled("2", fencing=True)
    ask, slow = world.switch.ask, Reply(6.0, FAILED)
    attempts: list[str] = []

    def fails_once(what: Question) -> object:
        if what.action not in CUTS:
            return ask(what)
        attempts.append(what.plug)
        return slow if len(attempts) == 1 else ask(what)

    world.switch.ask = fails_once  # type: ignore[method-assign,assignment]
    world.network.part(("n1",), ("n2",))
    while not attempts:
        world.agenda.run(world.now + 0.1)
    world.network.heal()
    world.agenda.run(world.now + 60.0)
    assert not any(machine.power_losses for machine in world.machines.values())

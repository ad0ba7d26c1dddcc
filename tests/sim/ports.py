"""The ports by which machines are on the service network: what is cut off lives on, unheard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tests.sim.power import IS_OFF, OK, Question, Reply, Switch, Verdict

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.runs import Run
    from tests.sim.world import World

NEEDS_POWER = "p1"
"""The resource that an isolated node could still do harm with, where isolation is partial."""


class Ports(Switch):
    """Answers a fence agent of the kind that isolates."""

    KINDS = ("fails", "lies", "hangs", "done, but says failed")
    """A process of ours that was killed has nothing done later."""
    _asker: Run | None = None
    """Whose work the next deed is."""

    def asked(self, run: Run, by: Machine) -> Reply | Verdict:
        self._asker = run
        return super().asked(run, by)

    def _state(self, machine: Machine, what: Question) -> int:
        return IS_OFF if machine.cut else OK

    def _plan(self, machine: Machine, what: Question, delay: float) -> None:
        after = partial(self._world.agenda.after, delay, self._unless_killed, self._asker)
        if what.action == "off":
            self._world.sometimes("a node was cut off")
            after(machine.cut_off)
        elif what.action == "on":
            after(machine.let_in)

    def _unless_killed(self, asker: Run | None, deed: Callable[[], None]) -> None:
        if asker is None or not asker.dead:
            deed()


def serves(world: World, machine: Machine, resource: str) -> bool:
    """Whether what the machine runs of this can be heard, or do harm, outside of it."""
    if resource not in machine.services:
        return False
    return not (machine.cut and is_held_back(world, resource))


def is_held_back(world: World, resource: str) -> bool:
    """Whether to be cut off the network is enough for this resource."""
    whole = world.options.isolation == "whole"
    return whole or (bool(world.options.isolation) and resource != NEEDS_POWER)

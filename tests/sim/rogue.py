"""A crm in wrong hands, which says to the LRM of its own node what it must not heed: orders for
another node, boot or term, and such as make no sense. (Its processes are apart for that.)"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

from hanode.inputs import LocalSaid
from hanode.local_messages import Alive, SelfRule, TakeTerm
from hanode.peer_messages import Device, FenceOrder, Order
from tests.sim.invariants.strangers import FORGED

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World


class Rogue:
    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random

    def strike(self, machine: Machine) -> None:
        lrm = machine.parts.get("lrm")
        if lrm is None:
            return
        words = self._words(machine)
        for message in self._random.sample(words, len(words) // 2):
            lrm.give(LocalSaid(message))

    def _words(self, machine: Machine) -> list[Any]:
        """None of these may be carried out."""
        lrm: Any = machine.parts["lrm"].core
        term, boot, other = lrm._term.seen, machine.boot, self._someone_but(machine)
        order = Order(f"{term}.1.{FORGED}", term, machine.name, boot, FORGED, _AGENT, "start")
        shot = FenceOrder(
            f"{term}.fence.{FORGED}", term, machine.name, boot, FORGED, other, 1, "off",
            ((Device("power", "fence_switch", other, {}),),),
        )  # fmt: skip
        return [
            TakeTerm(term, boot + 1),
            TakeTerm(term - 1, boot),
            *(replace(order, **wrong) for wrong in _elsewhere(term, boot, other)),
            *(replace(order, **wrong) for wrong in _SENSELESS),
            *(replace(shot, **wrong) for wrong in _elsewhere(term, boot, other)),
            replace(shot, target=machine.name),
            replace(shot, levels=((),)),
            replace(shot, action="explode"),
            SelfRule(order, 1000),
            SelfRule(replace(order, task="stop", timeout_ms=0), 1000),
            Alive(0),
        ]

    def _someone_but(self, machine: Machine) -> str:
        others = [m.name for m in self._world.data_machines if m is not machine]
        return self._random.choice(others) if others else "nobody"


def _elsewhere(term: int, boot: int, other: str) -> tuple[dict[str, Any], ...]:
    return {"node": other}, {"boot": boot - 1}, {"term": term - 1}


_AGENT = "ocf:hanode:Dummy"
_SENSELESS: tuple[dict[str, Any], ...] = (
    {"resource": ""}, {"resource": "x" * 300}, {"resource": "a\nb"}, {"task": "rm -rf"},
    {"task": "monitor", "interval_ms": -1}, {"timeout_ms": 0}, {"timeout_ms": 1 << 50},
)  # fmt: skip

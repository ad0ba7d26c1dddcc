"""The power switch, which belongs to no node: what it does is done to the machines themselves."""

from __future__ import annotations

import enum
from random import Random
from typing import TYPE_CHECKING

from tests.sim import scenery

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World

OK, FAILED, IS_OFF = 0, 1, 2
"""Exit codes of a fence agent (FenceAgentAPI)."""


class Verdict(enum.Enum):
    HANGS = "never answers"


class Switch:
    """Answers a fence agent: (after how long, with which exit code), or never."""

    KINDS: tuple[str, ...] = ("fails", "lies", "hangs", "late", "done, but says failed")

    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random
        self.trouble = 0.0
        """Share of the requests that go wrong."""
        self.manner = ""
        """How it answers whatever it is asked, in a story: fails, or hangs; else as it should."""
        self.closed = ""
        """A way to it on which nothing is answered."""
        self.cuts = 0

    def ask(self, action: str, plug: str, way: str = "") -> tuple[float, int] | Verdict:
        """`action` on the machine behind `plug`; the deed comes a little before the answer."""
        machine = self._world.machines.get(plug)
        if self.closed and way == self.closed:
            return Verdict.HANGS if self._random.random() < 0.5 else (0.1, FAILED)
        if way == scenery.SECOND_WAY:
            self._world.sometimes("the second way to the switch was taken")
        if self.manner:
            return Verdict.HANGS if self.manner == "hangs" else (0.1, FAILED)
        time = 0.05 + 0.5 * self._random.random()
        if action in ("monitor", "metadata", "list"):
            return time, FAILED if self._bad() else OK
        if machine is None:
            return time, FAILED
        if action == "status":
            return self._status(machine, time)
        if self._bad():
            return self._fail(machine, action, time)
        self._plan(machine, action, time * 0.9)
        return time, OK

    def _status(self, machine: Machine, time: float) -> tuple[float, int] | Verdict:
        if self._bad():
            return self._random.choice(((time, FAILED), Verdict.HANGS))
        return time, self._state(machine)

    def _state(self, machine: Machine) -> int:
        return OK if machine.powered else IS_OFF

    def _fail(self, machine: Machine, action: str, time: float) -> tuple[float, int] | Verdict:
        """It fails, lies, or never answers, and may yet do it: soon, or when nobody expects it."""
        kind = self._random.choice(self.KINDS)
        self._world.note("switch", "trouble", f"{action} {machine.name}: {kind}")
        if kind == "late":
            self._plan(machine, action, time + 30.0 * self._random.random())
        elif kind == "done, but says failed":
            self._plan(machine, action, time * 0.9)
        if kind in ("hangs", "late"):
            return Verdict.HANGS
        return time, OK if kind == "lies" else FAILED

    def _plan(self, machine: Machine, action: str, delay: float) -> None:
        agenda = self._world.agenda
        if action in ("off", "reboot"):
            self.cuts += 1
            agenda.after(delay, machine.power_off, "fenced")
        if action in ("on", "reboot"):
            agenda.after(delay + 0.001, machine.power_on)

    def _bad(self) -> bool:
        return bool(self.trouble) and self._random.random() < self.trouble

"""The power switch, which belongs to no node: what it does is done to the machines themselves."""

from __future__ import annotations

import enum
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from tests.sim import park, scenery

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.runs import Run
    from tests.sim.world import World

OK, FAILED, IS_OFF = 0, 1, 2
"""Exit codes of a fence agent (FenceAgentAPI)."""
CUTS = ("off", "reset")


class Verdict(enum.Enum):
    HANGS = "never answers"


class Reply(NamedTuple):
    """After how long, with which exit code, and what it prints."""

    time: float
    rc: int
    said: bytes = b""


class Question(NamedTuple):
    """What a fence agent asks of the device that it drives."""

    action: str
    plug: str
    way: str = ""
    feed: str = ""
    """Of a machine with two: which one. Empty: its power as a whole."""


def question(run: Run) -> Question:
    """What a fence agent was started for."""
    if run.kind == "plugin":
        argv = run.spawn.argv
        return Question(run.task, argv[-1] if "-T" in argv else "")
    said = run.stdin
    plug = said.get("plug") or said.get("port") or said.get("nodename") or ""
    return Question(said.get("action", ""), plug, said.get("way", ""), said.get("feed", ""))


class Switch:
    """Answers a fence agent, or never does."""

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
        self._off: dict[str, set[str]] = {}
        """By machine: which of its feeds are off."""

    def asked(self, run: Run, by: Machine) -> Reply | Verdict:
        """What an agent's process asks."""
        what = question(run)
        if what.action in CUTS:
            self._world.invariants.proof.no_more_than_a_minority_is_struck(by)
        return self.ask(what)

    def ask(self, what: Question) -> Reply | Verdict:
        """The deed comes a little before the answer."""
        if what.way == park.WRONG_WAY:
            self._world.invariants.proof.a_stopped_device_is_left_alone(what.action, what.plug)
        if self.closed and what.way == self.closed:
            return Verdict.HANGS if self._random.random() < 0.5 else Reply(0.1, FAILED)
        if what.way == scenery.SECOND_WAY:
            self._world.sometimes("the second way to the switch was taken")
        if self.manner:
            return Verdict.HANGS if self.manner == "hangs" else Reply(0.1, FAILED)
        time = 0.05 + 0.5 * self._random.random()
        if what.action in ("monitor", "metadata", "list"):
            return Reply(time, FAILED if self._bad() else OK, self._said(what))
        machine = self._world.machines.get(what.plug.removeprefix(park.OUTLET))
        if machine is None:
            return Reply(time, FAILED)
        if what.action in ("status", "monitor-plug"):
            return self._status(machine, what, time)
        if self._bad():
            return self._fail(machine, what, time)
        slow = 1.0 + self._random.random() if what.way == park.SLOW_WAY else 0.0
        self._plan(machine, what, time * 0.9 + slow)
        return Reply(time, OK)

    def _said(self, what: Question) -> bytes:
        if what.action != "list":
            return b""
        names = () if what.way == park.BLIND_WAY else self._world.machines
        lines = [f"{park.OUTLET}{name},{name}\n" for name in names]
        return "".join(["somebody-else,of no concern\n", *lines]).encode()

    def _status(self, machine: Machine, what: Question, time: float) -> Reply | Verdict:
        if self._bad():
            return self._random.choice((Reply(time, FAILED), Verdict.HANGS))
        return Reply(time, self._state(machine, what))

    def _state(self, machine: Machine, what: Question) -> int:
        if what.feed:
            return IS_OFF if what.feed in self._off.get(machine.name, ()) else OK
        return OK if machine.powered else IS_OFF

    def _fail(self, machine: Machine, what: Question, time: float) -> Reply | Verdict:
        """It fails, lies, or never answers, and may yet do it: soon, or when nobody expects it."""
        kind = self._random.choice(self.KINDS)
        self._world.note("switch", "trouble", f"{what.action} {machine.name}: {kind}")
        if kind == "late":
            self._plan(machine, what, time + 30.0 * self._random.random())
        elif kind == "done, but says failed":
            self._plan(machine, what, time * 0.9)
        if kind in ("hangs", "late"):
            return Verdict.HANGS
        return Reply(time, OK if kind == "lies" else FAILED)

    def _plan(self, machine: Machine, what: Question, delay: float) -> None:
        agenda = self._world.agenda
        if what.action in CUTS:
            self.cuts += 1
            agenda.after(delay, self._cut, machine, what.feed)
        if what.action in ("on", "reset"):
            agenda.after(delay + 0.001, self._feed, machine, what.feed)

    def _cut(self, machine: Machine, feed: str) -> None:
        if feed:
            off = self._off.setdefault(machine.name, set())
            off.add(feed)
            if len(off) < len(park.FEEDS):
                self._world.sometimes("one of two power supplies was switched off")
                return
        machine.power_off("fenced")

    def _feed(self, machine: Machine, feed: str) -> None:
        self._off.get(machine.name, set()).discard(feed)
        machine.power_on()

    def dark(self, machine: Machine) -> bool:
        """Whether no button of the machine's does anything: it gets no current."""
        return len(self._off.get(machine.name, ())) == len(park.FEEDS)

    def by_hand(self, machine: Machine) -> None:
        """Somebody switches everything on again."""
        if self.dark(machine):
            self._off[machine.name].clear()

    def _bad(self) -> bool:
        return bool(self.trouble) and self._random.random() < self.trouble

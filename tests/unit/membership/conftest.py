"""A few Hearts on a network in memory, in virtual time."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

import pytest

from hanode.effects import FeedWatchdog, PublishLease, Say, SendDatagram, TellCrm
from hanode.events import Member
from hanode.ids import Position
from hanode.inputs import DatagramArrived, LocalSaid, PortRefused, Wake
from hanode.local_messages import Heard, Standing, View
from hanode.membership import Heart
from hanode.peer_messages import Roster
from hanode.settings import Timing

CLUSTER = b"a cluster of 16b"


class CheapSecret:
    """Its public key is its secret: enough to be symmetric."""

    def __init__(self, name: str) -> None:
        self.public = name.encode()

    def shared(self, kex_public: bytes) -> bytes:
        return hashlib.blake2b(b"|".join(sorted((self.public, kex_public)))).digest()[:32]


class Machine:
    """One node: a Heart, and what its crm, lrm and watchdog would have got of it."""

    def __init__(self, name: str, number: int, boot: int = 1) -> None:
        self.name = name
        self.number = number
        self.boot = boot
        self.life = 0
        self.booted = 0.0
        self.heart: Heart | None = None
        self.asleep = False
        self.mailbox: list[Any] = []
        self.heard: list[Heard] = []
        self.lease = 0.0
        self.fed = 0
        self.said: list[str] = []
        self.sent: list[tuple[int, bytes]] = []

    @property
    def view(self) -> View:
        return self.heard[-1].view

    @property
    def names(self) -> str:
        return " ".join(self.view.names)


class Cluster:
    """Its network delivers after a short while whatever `passes` lets through."""

    def __init__(
        self,
        size: int,
        timing: Timing | None = None,
        links: int = 1,
        seed: int = 1,
        witness: int = 0,
    ) -> None:
        self.timing = timing or Timing()
        self.timings: dict[str, Timing] = {}
        """Of those who have another one."""
        self.random = Random(seed)
        self.now = 100.0
        self.machines = {f"n{i}": Machine(f"n{i}", i) for i in range(1, size + 1)}
        self.members = tuple(
            Member(
                m.name, m.number, "witness" if m.number == witness else "data", b"",
                kex=m.name.encode(), links=("here:694",) * links,
            )
            for m in self.machines.values()
        )  # fmt: skip
        self.passes: Callable[[str, str, int], bool] = lambda source, target, link: True
        self.refuses = False
        self.watch: Callable[[], None] = lambda: None
        """Called after each event."""
        self.loss = 0.0
        self.left_waiting = 0.0
        """Seconds that each datagram lies in its socket, as the driver's calm leaves it."""
        self.mute: set[str] = set()
        """Whose crms say nothing."""
        self.standing = {name: Standing(1, "", Position(0, 0), True, 0) for name in self.machines}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    def start(self, *names: str) -> None:
        """A new life of their heartbeat processes; the crm names the members at once."""
        for name in names or tuple(self.machines):
            machine = self[name]
            machine.life += 1
            machine.booted = machine.booted if machine.life > 1 else self.now
            machine.heart = Heart(
                name, machine.boot, machine.life, self.timings.get(name, self.timing),
                CheapSecret(name),
                Random(self.random.random()),
            )  # fmt: skip
            self.give(name, LocalSaid(Roster(CLUSTER, self.members)))
            self._stand(name, machine.life)

    def formed(self) -> Cluster:
        """All of them started and agreed, for a while by now."""
        self.start()
        self.until(lambda: self.agreed(*self.machines))
        self.run(2.0)
        return self

    def kill(self, name: str) -> None:
        self[name].heart = None

    def reboot(self, name: str) -> None:
        self[name].lease = 0.0
        self[name].boot += 1
        self[name].life = 0
        self.start(name)

    def stop(self, name: str) -> None:
        """As SIGSTOP does."""
        self[name].asleep = True

    def resume(self, name: str) -> None:
        machine = self[name]
        machine.asleep = False
        self.give(name, Wake())
        waiting, machine.mailbox = machine.mailbox, []
        for given in waiting:
            self.give(name, given)

    def cut(self, *sides: str) -> None:
        """Only nodes of one side (names with blanks between) hear each other."""
        groups = [set(side.split()) for side in sides]
        self.passes = lambda a, b, link: any(a in group and b in group for group in groups)

    def heal(self) -> None:
        self.passes = lambda source, target, link: True

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self._events and self._events[0][0] <= end:
            self.now, _, action = heapq.heappop(self._events)
            action()
            self.watch()
        self.now = end

    def until(self, holds: Callable[[], bool], limit: float = 60.0) -> float:
        """How long it takes until this holds."""
        begin = self.now
        while not holds():
            assert self._events
            assert self.now < begin + limit, [
                (m.name, m.heard[-1:]) for m in self.machines.values()
            ]
            self.now, _, action = heapq.heappop(self._events)
            action()
        return self.now - begin

    def agreed(self, *names: str) -> bool:
        """Whether each of these names has just these in its view."""
        return all(self[name].heard and self[name].view.names == names for name in names)

    def give(self, name: str, given: Any) -> None:
        machine = self[name]
        if machine.heart is None:
            return
        if machine.asleep:
            machine.mailbox.append(given)
            return
        for effect in machine.heart.step(given, self.now):
            self._do(machine, effect)
        self._arm(machine)

    def _arm(self, machine: Machine) -> None:
        heart = machine.heart
        assert heart is not None
        at = heart.deadline()
        if at is not None:
            self._at(max(at, self.now), lambda: self._wake(machine, heart, at))

    def _wake(self, machine: Machine, heart: Heart, at: float) -> None:
        if machine.heart is heart and heart.deadline() == at and not machine.asleep:
            self.give(machine.name, Wake())

    def _stand(self, name: str, life: int) -> None:
        machine = self[name]
        if machine.heart is not None and machine.life == life:
            if not machine.asleep and name not in self.mute:
                self.give(name, LocalSaid(self.standing[name]))
            self._at(self.now + 0.5, lambda: self._stand(name, life))

    def _do(self, machine: Machine, effect: Any) -> None:
        match effect:
            case SendDatagram(link=link, data=data):
                machine.sent.append((link, data))
                for other in self.machines.values():
                    if other is not machine:
                        self._carry(machine, other, link, data)
            case TellCrm(message=message):
                machine.heard.append(message)
            case PublishLease(until=until):
                machine.lease = until
            case FeedWatchdog():
                machine.fed += 1
            case Say(text=text):
                machine.said.append(f"{self.now:.3f} {text}")

    def _carry(self, source: Machine, target: Machine, link: int, data: bytes) -> None:
        if not self.passes(source.name, target.name, link) or self.random.random() < self.loss:
            return
        if target.heart is None and self.refuses:
            back = PortRefused(link, target.name)
            self._at(self.now + 0.0002, lambda: self.give(source.name, back))
            return
        delay = 0.0001 + self.random.random() * 0.0004
        arrived = DatagramArrived(link, data, self.left_waiting)
        waited = delay + self.left_waiting
        self._at(self.now + waited, lambda: self.give(target.name, arrived))

    def _at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), action))


@pytest.fixture
def cluster_of() -> type[Cluster]:
    return Cluster

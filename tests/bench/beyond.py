"""Heartbeats of clusters larger than real hosts are at hand for: the heartbeat's core alone, real
keys, virtual time.

For each size: the bytes of a heartbeat, what a node's link carries, processor time of the core
(without sockets), how long until all agree on the first view, and until all have dropped a node
that fell silent. Beyond 32 members the bounds of the wire are lifted, as an experiment.
"""

from __future__ import annotations

import time
from random import Random
from typing import Any

from hanode.effects import SendDatagram, TellCrm
from hanode.inputs import DatagramArrived, LocalSaid, Wake
from hanode.membership import Heart, company
from hanode.messaging import post, wire
from hanode.peer_messages import Roster
from hanode.settings import Timing
from tests.bench.peers import Peer
from tests.sim.keys import Keys

SIZES = (3, 16, 32, 64, 128)
CLUSTER = b"measured-cluster"
QUIET = 3.0
LIMIT = 60.0
OVERHEAD = 42
"""Bytes of Ethernet, IP and UDP around a heartbeat."""


def measure(repetitions: int, port: int, peer: Peer) -> str:
    lines = [" nodes  bytes  Mbit/s in   CPU %  agreed s  dropped s"]
    for size in SIZES:
        lines.append(Crowd(size).measured())
        print(lines[-1], flush=True)
    return "heartbeats of n nodes, one link, one core each\n" + "\n".join(lines)


class Crowd:
    """So many heartbeat cores, and a network that loses nothing."""

    def __init__(self, size: int) -> None:
        _lift_bounds(size)
        keys = Keys(True)
        members = tuple(keys.member(f"n{i}", i, "data", 1) for i in range(1, size + 1))
        self.now = 100.0
        self._hearts = {
            m.name: Heart(m.name, 1, 1, Timing(), keys.secret(m.name), Random(m.number))
            for m in members
        }
        self._views: dict[str, tuple[str, ...]] = {}
        self._bytes = 0
        self._spent = 0.0
        self._size = size
        for name in self._hearts:
            self._give(name, LocalSaid(Roster(CLUSTER, members)))

    def measured(self) -> str:
        everybody = frozenset(self._hearts)
        agreed = self._until(everybody)
        self._run(QUIET)
        self._spent, start = 0.0, self.now
        self._run(QUIET)
        cpu = self._spent / (self.now - start) / self._size * 100
        length = self._bytes
        mbits = (length + OVERHEAD) * 8 * (self._size - 1) / Timing().keepalive / 1e6
        del self._hearts[f"n{self._size}"]
        dropped = self._until(frozenset(self._hearts))
        return f"{self._size:6} {length:6} {mbits:10.2f} {cpu:7.2f} {agreed:9.2f} {dropped:10.2f}"

    def _until(self, wanted: frozenset[str]) -> float:
        """Virtual seconds until all agree on just these."""
        start = self.now
        while self.now < start + LIMIT:
            if all(set(self._views.get(name, ())) == wanted for name in wanted):
                return self.now - start
            self._turn()
        return float("nan")

    def _run(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self._turn()

    def _turn(self) -> None:
        """The next deadline, and what comes of it."""
        name, heart = min(self._hearts.items(), key=lambda item: item[1].deadline() or 0.0)
        self.now = max(self.now, heart.deadline() or 0.0)
        self._give(name, Wake())

    def _give(self, name: str, given: Any) -> None:
        waiting = [(name, given)]
        while waiting:
            to, given = waiting.pop(0)
            start = time.thread_time()
            effects = self._hearts[to].step(given, self.now)
            self._spent += time.thread_time() - start
            for effect in effects:
                if isinstance(effect, SendDatagram):
                    self._bytes = len(effect.data)
                    arrived = DatagramArrived(effect.link, effect.data)
                    waiting += [(other, arrived) for other in self._hearts if other != to]
                elif isinstance(effect, TellCrm):
                    self._views[to] = effect.message.view.names


def _lift_bounds(size: int) -> None:
    for module in (wire, post, company):
        module.MEMBERS_LIMIT = max(size + 1, 32)  # type: ignore[attr-defined]

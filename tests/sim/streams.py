"""Streams between the crms of two nodes: in order and complete, until they break."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Any, Protocol

from tests.sim.agenda import Agenda
from tests.sim.network import Network

RETRANSMISSION = 0.2
"""What a lost packet costs a stream."""


class End(Protocol):
    """One life of a crm, as far as a stream is concerned."""

    @property
    def name(self) -> str: ...
    @property
    def running(self) -> bool: ...
    @property
    def key(self) -> bytes: ...
    def knows(self, peer: str, key: bytes) -> bool: ...
    def stream_opened(self, peer: str) -> None: ...
    def stream_closed(self, peer: str) -> None: ...
    def peer_said(self, peer: str, message: Any) -> None: ...


@dataclass(slots=True, eq=False)
class Lane:
    """One direction of a stream."""

    sender: End
    receiver: End
    held: deque[Any] = field(default_factory=deque)
    """Messages that found the way closed, and all behind them."""
    last: float = 0.0
    """When the latest message arrives: no later one may come before it."""


@dataclass(slots=True, eq=False)
class Stream:
    lanes: dict[str, Lane]
    """By the name of the sender."""
    open: bool = True
    stalled_since: float | None = None


class Streams:
    """All streams: who holds one with whom, what is on the way, what breaks."""

    def __init__(
        self, agenda: Agenda, network: Network, random: Random, end: Callable[[str], End | None]
    ) -> None:
        self._agenda, self._network, self._random = agenda, network, random
        self._end = end
        """The crm that now lives on a machine, if one does."""
        self._streams: dict[tuple[str, str], Stream] = {}
        self.patience = 2.0
        """How long a stream that nothing gets through is kept."""

    def start(self) -> None:
        for pair in combinations(sorted(self._network.names), 2):
            self._agenda.after(self._random.random() * 0.1, self._tend, pair)

    def send(self, sender: End, peer: str, message: Any) -> None:
        """Lost if there is no stream."""
        stream = self._streams.get(_pair(sender.name, peer))
        if stream is not None and stream.lanes[sender.name].sender is sender:
            self._post(stream, stream.lanes[sender.name], message)

    def ended(self, end: End, *, silently: bool) -> None:
        """A crm is gone. Its kernel tells the peers, unless the kernel is gone as well."""
        for pair, stream in list(self._streams.items()):
            lane = stream.lanes.get(end.name)
            if lane is not None and lane.sender is end:
                other = stream.lanes[pair[0] if pair[1] == end.name else pair[1]].sender
                reachable = self._network.open(end.name, other.name)
                delay = 0.001 if reachable and not silently else self.patience
                self._break(pair, stream, delay)

    def reset(self, name: str, peer: str) -> None:
        """Break one stream, as a firewall's restart would."""
        stream = self._streams.get(_pair(name, peer))
        if stream is not None:
            self._break(_pair(name, peer), stream, 0.001)

    def end_with_strangers(self, end: End) -> None:
        """It has learnt anew who belongs here."""
        for pair, stream in list(self._streams.items()):
            ends = [lane.sender for lane in stream.lanes.values()]
            if end in ends and not _know_each_other(*ends):
                self._break(pair, stream, 0.001)

    # ----------------------------------------------------------------------- their coming and going

    def _tend(self, pair: tuple[str, str]) -> None:
        """Now and then: connect what should be connected, give up what is stuck."""
        stream = self._streams.get(pair)
        if stream is None:
            self._connect(pair)
        elif not self._network.reachable(*pair):
            if stream.stalled_since is None:
                stream.stalled_since = self._agenda.now
            elif self._agenda.now - stream.stalled_since > self.patience:
                self._break(pair, stream, 0.0)
        else:
            stream.stalled_since = None
            for lane in stream.lanes.values():
                self._release(stream, lane)
        self._agenda.after(0.4 + 0.2 * self._random.random(), self._tend, pair)

    def _connect(self, pair: tuple[str, str]) -> None:
        a, b = self._end(pair[0]), self._end(pair[1])
        if a is None or b is None or not (a.running and b.running):
            return
        if not self._network.reachable(*pair) or not _know_each_other(a, b):
            return
        stream = Stream({a.name: Lane(a, b), b.name: Lane(b, a)})
        self._streams[pair] = stream
        for end, peer in ((a, b), (b, a)):
            lane = stream.lanes[peer.name]
            lane.last = self._agenda.now + self._network.delay()
            self._agenda.at(lane.last, self._opened, stream, end, peer.name)

    def _opened(self, stream: Stream, end: End, peer: str) -> None:
        if stream.open:
            end.stream_opened(peer)

    def _break(self, pair: tuple[str, str], stream: Stream, delay: float) -> None:
        """Both ends hear of it, each in its own time; what was on the way is lost."""
        if self._streams.get(pair) is stream:
            del self._streams[pair]
        if not stream.open:
            return
        stream.open = False
        for lane in stream.lanes.values():
            lane.held.clear()
            late = delay * (0.5 + 0.5 * self._random.random())
            self._agenda.after(late, lane.receiver.stream_closed, lane.sender.name)

    # ------------------------------------------------------------------------------ what they carry

    def _post(self, stream: Stream, lane: Lane, message: Any) -> None:
        delay = self._network.delay()
        if self._network.lost():
            delay += RETRANSMISSION
        lane.last = max(lane.last, self._agenda.now + delay)
        self._agenda.at(lane.last, self._arrive, stream, lane, message)

    def _arrive(self, stream: Stream, lane: Lane, message: Any) -> None:
        if not stream.open:
            return
        if lane.held or not self._network.open(lane.sender.name, lane.receiver.name):
            lane.held.append(message)
        else:
            lane.receiver.peer_said(lane.sender.name, message)

    def _release(self, stream: Stream, lane: Lane) -> None:
        """The way is open again: what was held arrives, in order."""
        while lane.held and stream.open:
            lane.receiver.peer_said(lane.sender.name, lane.held.popleft())


def _know_each_other(a: End, b: End) -> bool:
    """By their keys: a machine in another's place is somebody else."""
    return a.knows(b.name, b.key) and b.knows(a.name, a.key)


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)

"""The network between the machines: which way is open, and what becomes of a datagram."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations
from random import Random

from tests.sim.agenda import Agenda


@dataclass(slots=True)
class Weather:
    """How good or bad the whole network is just now."""

    delay: float
    """Mean time on the way."""
    loss: float = 0.0
    duplication: float = 0.0
    spikes: float = 0.0
    """Share of the datagrams that take up to a second longer; so later ones overtake them."""


Direction = tuple[str, str]


class Network:
    """Links 0 to n-1, each with two directions between any two machines."""

    def __init__(
        self, agenda: Agenda, random: Random, names: tuple[str, ...], links: int, weather: Weather
    ) -> None:
        self.agenda = agenda
        self.weather = weather
        self.links = links
        self.names = names
        self._random = random
        self._cut: list[set[Direction]] = [set() for _ in range(links)]
        self._rejected: set[Direction] = set()
        """Closed ways at whose end somebody answers that the port is closed."""
        self.deliver: Callable[[str, int, bytes], bool] = lambda name, link, data: True
        """Puts a datagram before a machine's heartbeat process; False if its kernel refuses it."""
        self.refused: Callable[[str, int, str], None] = lambda name, link, peer: None
        """Tells a machine's heartbeat process that a peer's port is refused."""
        self.healed: Callable[[], None] = lambda: None
        self.carried = 0
        self.overheard: deque[tuple[int, str, bytes]] = deque(maxlen=50)
        """What anybody on the wire has lately heard: link, receiver, bytes."""

    # ---------------------------------------------------------------------------- which way is open

    def open(self, source: str, target: str, link: int = 0) -> bool:
        return (source, target) not in self._cut[link]

    def reachable(self, a: str, b: str) -> bool:
        """Both ways, on the link that streams use (the first)."""
        return self.open(a, b) and self.open(b, a)

    def cut(self, source: str, target: str, link: int | None = None) -> None:
        """Close one direction; of every link, if none is named."""
        for index in range(self.links) if link is None else (link,):
            self._cut[index].add((source, target))

    def reject(self, source: str, target: str) -> None:
        """Close it, as a firewall does that says so."""
        self.cut(source, target)
        self._rejected.add((source, target))

    def part(self, *sides: tuple[str, ...]) -> None:
        """Whoever is on different sides no longer hears each other."""
        for a, b in permutations(self.names, 2):
            if not any(a in side and b in side for side in sides):
                self.cut(a, b)

    def heal(self) -> None:
        for directions in self._cut:
            directions.clear()
        self._rejected.clear()
        self.healed()

    def mend(self, source: str, target: str, link: int | None = None) -> None:
        for index in range(self.links) if link is None else (link,):
            self._cut[index].discard((source, target))
        self._rejected.discard((source, target))
        self.healed()

    @property
    def whole(self) -> bool:
        return not any(self._cut)

    # --------------------------------------------------------------------------------- datagrams

    def datagram(self, link: int, source: str, target: str, data: bytes) -> None:
        """It arrives once, twice, late or never."""
        weather, random = self.weather, self._random
        self.carried += 1
        self.overheard.append((link, target, data))
        if (source, target) in self._cut[link]:
            if (source, target) in self._rejected:
                self.agenda.after(self.delay(), self.refused, source, link, target)
            return
        if weather.loss and random.random() < weather.loss:
            return
        self.agenda.after(self.delay(), self._arrive, link, source, target, data)
        if weather.duplication and random.random() < weather.duplication:
            again = self.delay() + random.random() ** 3 * 10.0
            self.agenda.after(again, self._arrive, link, source, target, data)

    def delay(self) -> float:
        weather, random = self.weather, self._random
        time = weather.delay * (0.5 + random.random())
        if weather.spikes and random.random() < weather.spikes:
            time += random.random()
        return time

    def lost(self) -> bool:
        """Whether one packet, of whatever kind, would be lost now."""
        return bool(self.weather.loss) and self._random.random() < self.weather.loss

    def _arrive(self, link: int, source: str, target: str, data: bytes) -> None:
        if (source, target) in self._cut[link]:
            return
        heard = self.deliver(target, link, data)
        if not heard and (target, source) not in self._cut[link]:
            self.agenda.after(self.delay(), self.refused, source, link, target)

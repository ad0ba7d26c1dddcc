"""How the heartbeats between nodes have fared lately: round trips and losses, a bounded past."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from hanode.mgmt.protocol import Pulse

KEEP = 60


class Sample(NamedTuple):
    """One look at a line from one node to another."""

    rtt_ms: float
    loss: float
    """0 to 1"""


class Telemetry:
    """Samples by (the node that says it, the node that it hears)."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], deque[Sample]] = {}

    def note(self, pulse: Pulse) -> None:
        """A pulse tells of all of its node's peers."""
        for name, peer in pulse.peers.items():
            line = self._lines.setdefault((pulse.node, name), deque(maxlen=KEEP))
            line.append(Sample(_number(peer.get("rtt_ms")), _number(peer.get("loss"))))

    def line(self, by: str, of: str) -> tuple[Sample, ...]:
        """Oldest first."""
        return tuple(self._lines.get((by, of), ()))


_BARS, _PLAIN = "▁▂▃▄▅▆▇█", "_.,-~=*#"


def spark(figures: tuple[float, ...], top: float, cells: int, plain: bool) -> str:
    """The latest figures as bars, against `top` or the highest of them."""
    signs = _PLAIN if plain else _BARS
    shown = figures[-cells:]
    most = max(top, *shown) if shown else top
    return "".join(signs[min(int(f / most * len(signs)), len(signs) - 1)] for f in shown)


def _number(figure: object) -> float:
    return float(figure) if isinstance(figure, (int, float)) else 0.0

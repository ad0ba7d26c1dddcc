"""What is true only now, and was a moment ago: how heartbeats fared, how long monitors took."""

from __future__ import annotations

from array import array
from collections import deque
from typing import NamedTuple

from hanode.mgmt.protocol import Pulse

KEEP = 60
TURNS = 24
"""Turns of one monitor that are remembered."""
MONITORS_MAX = 10_000


class Sample(NamedTuple):
    """One look at a line from one node to another."""

    rtt_ms: float
    loss: float
    """0 to 1"""


class Telemetry:
    """Samples by (the node that says it, the node that it hears), and by monitor and node."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], deque[Sample]] = {}
        self._turns: dict[tuple[str, str], array[float]] = {}

    def note(self, pulse: Pulse) -> None:
        """A pulse tells of all of its node's peers."""
        for name, peer in pulse.peers.items():
            line = self._lines.setdefault((pulse.node, name), deque(maxlen=KEEP))
            line.append(Sample(_number(peer.get("rtt_ms")), _number(peer.get("loss"))))
        for subject, values in pulse.drift.items():
            self._turn((subject, pulse.node), _number(values.get("exec_ms")) / 1000)

    def _turn(self, whose: tuple[str, str], seconds: float) -> None:
        known = self._turns.get(whose)
        if known is None and len(self._turns) < MONITORS_MAX:
            known = self._turns[whose] = array("f")
        if known is not None:
            known.append(seconds)
            del known[:-TURNS]

    def turns(self, resource: str, interval_ms: int, node: str) -> tuple[float, ...]:
        """Seconds that each turn of a monitor took, oldest first; known of the node that the
        console is attached to alone."""
        return tuple(self._turns.get((f"{resource}.monitor_{interval_ms}", node), ()))

    def line(self, by: str, of: str) -> tuple[Sample, ...]:
        """Oldest first."""
        return tuple(self._lines.get((by, of), ()))


_BARS, _PLAIN = "▁▂▃▄▅▆▇█", "_.,-~=*#"


def usual(figures: tuple[float, ...]) -> float:
    """Twice the median: what is as ever is drawn half high, and what stands out does."""
    return 2 * sorted(figures)[len(figures) // 2] if figures else 0.0


def spark(figures: tuple[float, ...], top: float, cells: int, plain: bool) -> str:
    """The latest figures as bars, against `top` or the highest of them."""
    signs = _PLAIN if plain else _BARS
    shown = figures[-cells:]
    most = max(top, *shown) if shown else top
    return "".join(signs[min(int(f / most * len(signs)), len(signs) - 1)] for f in shown)


def _number(figure: object) -> float:
    return float(figure) if isinstance(figure, (int, float)) else 0.0

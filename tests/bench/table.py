"""Figures as a table: ours, and the peer's beside them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

Spread = tuple[float, float, float]
"""min, median, max"""


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement."""

    name: str
    ours: Spread
    peer: Spread | None = None
    unit: str = "s"


def spread(values: list[float]) -> Spread:
    return min(values), statistics.median(values), max(values)


def table(title: str, rows: list[Row]) -> str:
    """min / median / max of each; the ratio is that of the medians (below 1: we are faster)."""
    width = max(len(row.name) for row in rows)
    lines = [
        title,
        f"{'':{width}}  {'hanode: min / median / max':>28}  {'Pacemaker':>24}  ratio",
    ]
    for row in rows:
        ratio = f"{row.ours[1] / row.peer[1]:.2f}" if row.peer else ""
        theirs = _text(row.peer, "") if row.peer else ""
        lines.append(f"{row.name:{width}}  {_text(row.ours, row.unit):>28}  {theirs:>24}  {ratio}")
    return "\n".join(line.rstrip() for line in lines)


def _text(values: Spread, unit: str) -> str:
    digits = 1 if unit == "MB" else 3
    return " / ".join(f"{value:.{digits}f}" for value in values) + (f" {unit}" if unit else "")


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that so many of a hundred don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

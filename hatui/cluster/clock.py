"""Times for people: absolute where they may stand for long, so that idle views never repaint."""

from __future__ import annotations

import time

LATEST = 253_402_214_400.0
"""9999-12-31 00:00 UTC."""


def clock(at: float) -> str:
    """12:03:44, in the operator's own time zone."""
    return time.strftime("%H:%M:%S", _local(at)) if at else "--:--:--"


def clock_fine(at: float) -> str:
    """12:03:44.07: where the order of things matters."""
    return f"{clock(at)}.{int(at * 100) % 100:02d}" if at else clock(at)


def when(at: float, now: float) -> str:
    """The clock today, else the date too."""
    return clock(at) if not at or day(at) == day(now) else dated(at)


def when_fine(at: float, now: float) -> str:
    """The same to the hundredth."""
    date = "" if not at or day(at) == day(now) else time.strftime("%b %d ", _local(at))
    return date + clock_fine(at)


def dated(at: float) -> str:
    """Nov 23 05:55: for what may stand for days, where nobody knows what day it is."""
    return time.strftime("%b %d %H:%M", _local(at))


def since(at: float, now: float) -> str:
    """05:55: when something that still is so began."""
    return clock(at)[:5] if day(at) == day(now) else dated(at)


def day(at: float) -> tuple[int, int]:
    """Which one it is for the operator."""
    told = _local(at)
    return told.tm_year, told.tm_yday


def span(seconds: float) -> str:
    """How long, in the unit that suits: 84 ms, 1.2 s, 12 s, 3 min, 2 h."""
    if seconds < 0.995:
        return f"{max(seconds, 0) * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


def milliseconds(figure: float) -> str:
    """0.4 ms, 120 ms: of a round trip."""
    return f"{figure:.1f} ms" if figure < 100 else f"{figure:.0f} ms"


def ago_in_short(seconds: float) -> str:
    """12s, 3min, 2h: where every cell counts."""
    if seconds < 120:
        return f"{seconds:.0f}s"
    return f"{seconds / 60:.0f}min" if seconds < 7200 else f"{seconds / 3600:.0f}h"


def sane(at: float) -> float:
    """A clock that is mad stops at the last day that has a name."""
    return min(max(at, 0.0), LATEST)


def _local(at: float) -> time.struct_time:
    """In the operator's own zone."""
    return time.localtime(sane(at))

"""How long a move or ban holds: 30m, 2h, PT1H30M, or until a time."""

from __future__ import annotations

import re
from datetime import datetime

from hanode.cli.moments import LATEST
from hanode.mgmt.proposal import CannotOrder

_SIMPLE = re.compile(r"(\d+)\s*(s|sec|m|min|h|hr|d|w)?")
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE)
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600, "d": 86400, "w": 604800}


def until(lifetime: str, time: str, now: float) -> float:
    """The end, epoch seconds; 0 when neither is given. Raises CannotOrder."""
    if lifetime and time:
        raise CannotOrder("--lifetime and --until exclude each other")
    if lifetime and not duration(lifetime):
        raise CannotOrder(f"--lifetime {lifetime}: that is no time at all")
    end = now + duration(lifetime) if lifetime else _moment(time, now) if time else 0.0
    if end > LATEST:
        raise CannotOrder(
            f"{lifetime or time} is too far off; leave it out: it holds until cleared"
        )
    return end


def duration(text: str) -> float:
    """Seconds. Raises CannotOrder."""
    simple = _SIMPLE.fullmatch(text.strip())
    if simple:
        return int(simple[1]) * float(_SECONDS[simple[2] or "s"])
    iso = _ISO.fullmatch(text.strip())
    if iso and any(iso.groups()):
        units = (604800, 86400, 3600, 60, 1)
        return float(sum(int(n or 0) * unit for n, unit in zip(iso.groups(), units, strict=True)))
    raise CannotOrder(f"{text!r} is no duration; give 30m, 2h, 1d or ISO 8601's PT1H30M")


def _moment(text: str, now: float) -> float:
    try:
        told = datetime.fromisoformat(text)
        end = (told if told.tzinfo else told.astimezone()).timestamp()
    except (ValueError, OverflowError):
        raise CannotOrder(
            f"{text!r} is no time; give 2026-11-22T18:00 or 2026-11-22T18:00Z"
        ) from None
    if end <= now:
        raise CannotOrder(f"{text} is past already")
    return end

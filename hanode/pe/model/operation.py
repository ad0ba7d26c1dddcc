"""An operation as configured on a resource, with intervals understood."""

from __future__ import annotations

from functools import lru_cache

from hanode.cib.configuration import OperationDefinition

_UNITS = {
    "": 1000.0,
    "s": 1000.0,
    "sec": 1000.0,
    "ms": 1.0,
    "msec": 1.0,
    "us": 0.001,
    "usec": 0.001,
    "m": 60_000.0,
    "min": 60_000.0,
    "h": 3_600_000.0,
    "hr": 3_600_000.0,
}
_ISO_DATE = {
    "Y": 31_536_000_000,
    "M": 2_592_000_000,
    "W": 604_800_000,
    "D": 86_400_000,
    "H": 3_600_000,
    "S": 1000,
}
_ISO_TIME = {"H": 3_600_000, "M": 60_000, "S": 1000}


class ConfiguredOperation:
    """One `op`: its name, its interval, its role, and its options resolved later per use."""

    __slots__ = ("config", "enabled", "id", "interval_ms", "name", "role")

    def __init__(self, config: OperationDefinition, meta: dict[str, str]) -> None:
        self.config = config
        self.id = config.id
        self.name = config.name
        self.interval_ms = milliseconds(config.interval, 0)
        enabled = meta.get("enabled", "true").lower()
        self.enabled = enabled in ("true", "on", "yes", "y", "1")
        self.role = meta.get("role", "")


@lru_cache(maxsize=1024)
def milliseconds(text: str | None, default: int) -> int:
    """A span of time as CIBs write it: `10`, `10s`, `2min`, `PT1H`; in milliseconds."""
    if not text:
        return default
    text = text.strip()
    if text[:1] == "P":
        return _iso(text, default)
    end = 0
    while end < len(text) and (text[end].isdecimal() or (end == 0 and text[0] in "+-")):
        end += 1
    unit = _UNITS.get(text[end:].strip().lower())
    if not text[:end].lstrip("+-") or unit is None:
        return default
    number = int(text[:end][:18])
    return default if number < 0 else int(number * unit)


def _iso(text: str, default: int) -> int:
    total, digits, units = 0, "", _ISO_DATE
    for letter in text[1:]:
        if letter == "T":
            units = _ISO_TIME
        elif letter.isdecimal():
            digits += letter
        elif letter in units and digits:
            total += int(digits[:18]) * units[letter]
            digits = ""
        else:
            return default
    return total

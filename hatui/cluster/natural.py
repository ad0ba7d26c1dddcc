"""The order of names as people count: n2 comes before n10, whatever their case."""

from __future__ import annotations

import re


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key to sort by."""
    parts = re.split(r"(\d+)", name.lower())
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)

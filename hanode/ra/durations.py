"""How long, as operators write it: 10, 10s, 200ms, 2min, 1h."""

from __future__ import annotations

import re

_FORM = re.compile(r"\s*(\d{1,9})\s*(us|usec|ms|msec|s|sec|m|min|h|hr)?\s*")
_SECONDS = {
    "us": 1e-6, "usec": 1e-6, "ms": 1e-3, "msec": 1e-3, "": 1.0, "s": 1.0, "sec": 1.0,
    "m": 60.0, "min": 60.0, "h": 3600.0, "hr": 3600.0,
}  # fmt: skip


def seconds(text: str, default: float) -> float:
    """`text` in seconds; `default` where it says nothing that can be understood."""
    said = _FORM.fullmatch(text)
    if said is None:
        return default
    return int(said[1]) * _SECONDS[said[2] or ""]

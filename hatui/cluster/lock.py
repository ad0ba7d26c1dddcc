"""Whether a context may be changed from here: read-only ones are opened for a while, out loud."""

from __future__ import annotations

import re

LONGEST = 8 * 3600.0
USUAL = 600.0
STARTED_SO = "hatui was started with --readonly; start it without"
RECORDING = "a recording takes no orders; :whatif-lost and :whatif-without ask of it"


class Lock:
    """Of one console. `firm`: why nothing opens it; empty where something does."""

    def __init__(self, readonly: bool, firm: str = "") -> None:
        self._readonly = readonly or bool(firm)
        self._firm = firm
        self._until = 0.0

    @property
    def word(self) -> str:
        """To whoever wants to order something while it is locked."""
        return self._firm or "this context is read-only: :unlock 10m opens it"

    def locked(self, now: float) -> bool:
        return self._readonly and now >= self._until

    def left(self, now: float) -> float:
        """Seconds for which it is still open against its rule; 0 where there is none."""
        return max(self._until - now, 0.0) if self._readonly else 0.0

    def unlock(self, text: str, now: float) -> str:
        """Open it for `10m`, `1h`, `90s`; why not, or empty."""
        if not self._readonly:
            return "this context is not read-only"
        if self._firm:
            return self._firm
        seconds = _seconds(text)
        if seconds is None or seconds > LONGEST:
            return f"unlock for how long? Such as 10m, at most 8h; not {text!r}"
        self._until = now + seconds
        return ""

    def lock(self) -> None:
        self._until = 0.0


def _seconds(text: str) -> float | None:
    if not text:
        return USUAL
    found = re.fullmatch(r"(\d{1,5})\s*(s|m|min|h|)", text.strip())
    if not found:
        return None
    return int(found[1]) * {"s": 1.0, "h": 3600.0}.get(found[2], 60.0)

"""Numbers and times in crm_mon's words."""

from __future__ import annotations

import time
import unicodedata

from hatui.cluster.clock import sane

RC_TEXT = {
    0: "ok", 1: "error", 2: "invalid parameter", 3: "unimplemented feature",
    4: "insufficient privileges", 5: "not installed", 6: "not configured", 7: "not running",
    8: "promoted", 9: "failed in promoted role", 190: "degraded", 191: "degraded promoted",
    193: "unknown",
}  # fmt: skip
STATUS_TEXT = {
    -1: "pending", 0: "complete", 1: "Cancelled", 2: "Timed Out", 3: "NOT SUPPORTED", 4: "Error",
    5: "Hard error", 6: "Fatal error", 7: "Not installed", 8: "Internal communication failure",
    9: "Invalid", 11: "No fence device", 12: "CIB secrets unavailable",
}  # fmt: skip

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Categories of characters that command a terminal, or deceive who reads."""


def rc_text(rc: int) -> str:
    return RC_TEXT.get(rc, f"CRM exit code {rc}")


def status_text(status: int) -> str:
    return STATUS_TEXT.get(status, f"status {status}")


def moment(at: float) -> str:
    """As ctime writes it, local time; what scripts that read crm_mon expect."""
    return time.strftime("%a %b %e %H:%M:%S %Y", time.localtime(sane(at))) if at else ""


_NOT_IN_XML = {**{n: None for n in range(32) if n not in (9, 10, 13)}, 0xFFFE: None, 0xFFFF: None}


def for_xml(text: str) -> str:
    """Without the characters that no XML can hold."""
    return text.translate(_NOT_IN_XML)


def stamp(at: float) -> str:
    """`2026-11-22 15:04:05Z`, as crm_mon writes fencing and failures in newer releases."""
    return time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(sane(at))) if at else ""


def interval(ms: int) -> str:
    """`10s`, `1m30s`, `200ms`; a unit begins above one of it: 60s, not 1m."""
    if ms < 1000:
        return f"{ms}ms"
    seconds, rest = divmod(ms, 1000)
    told = ""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds > size:
            count, seconds = divmod(seconds, size)
            told += f"{count}{unit}"
    if seconds or rest or not told:
        told += f"{seconds}.{rest:03}s" if rest else f"{seconds}s"
    return told


def operation_text(task: str, interval_ms: int) -> str:
    """`10s-interval monitor`, `probe`, `start`."""
    if task == "monitor" and not interval_ms:
        return "probe"
    return f"{interval(interval_ms)}-interval {task}" if interval_ms else task


def bracketed(names: list[str]) -> str:
    """`[ n1 n2 ]`."""
    return f"[ {' '.join(names)} ]"


def clean(text: str) -> str:
    """What came from elsewhere, on one line, with nothing in it that a terminal obeys."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if char in "\n\t" else char
        for char in text
        if char in "\n\t" or unicodedata.category(char) not in _HIDDEN
    )


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

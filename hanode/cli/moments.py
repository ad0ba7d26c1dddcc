"""Times for people: local, to the second; and how long ago."""

from __future__ import annotations

from datetime import UTC, datetime

LATEST = 253_402_300_799.0
"""The last second of the year 9999: no date is later."""


def local(at: float) -> str:
    """`2026-11-22 15:04:05`, or a dash for never."""
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S}" if at else "-"


def iso(at: float) -> str:
    """For scripts."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds") if at else ""

"""Times for people: local, to the second; and how long ago."""

from __future__ import annotations

from datetime import UTC, datetime


def local(at: float) -> str:
    """`2026-11-22 15:04:05`, or a dash for never."""
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S}" if at else "-"


def iso(at: float) -> str:
    """For scripts."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds") if at else ""

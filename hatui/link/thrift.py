"""Gives free memory back to the machine: reading a large cluster takes much for a moment only."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """What the C library holds and nobody uses; the XML reader alone leaves it ten megabytes."""
    _trim()(0)


@cache
def _trim() -> Callable[[int], int]:
    """glibc's malloc_trim; other C libraries give back by themselves."""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return lambda _: 0
    return found

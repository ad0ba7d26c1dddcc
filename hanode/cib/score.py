"""Scores: integers that saturate at infinity, which is one million.

Minus infinity beats plus infinity, since "never" must win over "always".
"""

from __future__ import annotations

INFINITY = 1_000_000

_WORDS = {
    "INFINITY": INFINITY,
    "+INFINITY": INFINITY,
    "-INFINITY": -INFINITY,
}


def add(first: int, second: int) -> int:
    """The sum, within infinity."""
    if first <= -INFINITY or second <= -INFINITY:
        return -INFINITY
    if first >= INFINITY or second >= INFINITY:
        return INFINITY
    total = first + second
    return INFINITY if total > INFINITY else -INFINITY if total < -INFINITY else total


def clamp(score: int) -> int:
    return INFINITY if score > INFINITY else -INFINITY if score < -INFINITY else score


def read(text: str | None, default: int = 0) -> int:
    """A score as written; what is no score counts as `default`."""
    if not text:
        return default
    text = text.strip()
    known = _WORDS.get(text)
    if known is not None:
        return known
    try:
        return clamp(int(text))
    except ValueError:
        return _leading_number(text, default)


def _leading_number(text: str, default: int) -> int:
    """`100%` or `1.5` count as far as they are numbers, as operators' old files expect."""
    end = 1 if text[:1] in "+-" else 0
    while end < len(text) and text[end].isdecimal():
        end += 1
    try:
        return clamp(int(text[:end][:18]))
    except ValueError:
        return default


def show(score: int) -> str:
    """A score in words."""
    if score >= INFINITY:
        return "INFINITY"
    return "-INFINITY" if score <= -INFINITY else str(score)

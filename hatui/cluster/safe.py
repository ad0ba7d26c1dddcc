"""Makes text from the cluster fit to be drawn: no control, no disguise, no more cells than given.

Names, exit reasons and outputs come from agents, and so from anybody. Escape sequences, bidi
overrides and zero-width characters never reach the terminal; this is the one place that sees to it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

LIMIT = 400
"""Longest text, in characters, that any field may claim."""

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Control, format (bidi, zero width), surrogates, private use, unassigned, line separators."""


@lru_cache(maxsize=8192)
def clean(text: str, limit: int = LIMIT) -> str:
    """One harmless line: what is invisible or commands a terminal becomes `·`, blanks a space."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\t\n\r\v\f":
        return " "
    if unicodedata.category(char) in _HIDDEN:
        return "·"
    return " " if char.isspace() else char


_PLAIN = dict(zip("“”‘’…•·×→↓–—█│─┄━", "\"\"''~*.x>v--#|--=", strict=True))
"""Our own signs in ASCII; each as wide as what it stands for."""


def plain(text: str) -> str:
    """In ASCII, just as wide: what has no stand-in becomes `?`."""
    return text if text.isascii() else "".join(_in_ascii(char) for char in text)


def _in_ascii(char: str) -> str:
    return char if char.isascii() else _PLAIN.get(char, "?" * cell_len(char))


def width(text: str) -> int:
    """How many cells it takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, cells: int, ellipsis: str = "…") -> str:
    """Just `cells` wide: filled up with blanks, or cut with an ellipsis."""
    taken = width(text)
    if taken <= cells:
        return text + " " * (cells - taken)
    return _cut(text, cells, ellipsis)


def clip(text: str, cells: int, ellipsis: str = "…") -> str:
    """At most `cells` wide."""
    return text if width(text) <= cells else _cut(text, cells, ellipsis).rstrip()


def _cut(text: str, cells: int, ellipsis: str) -> str:
    room, kept = cells - len(ellipsis), ""
    if room < 0:
        return "." * max(cells, 0)
    for char in text:
        step = width(char)
        if step > room:
            break
        kept, room = kept + char, room - step
    return kept + ellipsis + " " * room

"""A line of the screen as pieces of text, each with the name of its ink.

An ink is a meaning (good, bad, dim, ...), which a theme turns into a style. So what is drawn can be
compared as text, and shown without any colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hatui.cluster.safe import clip, plain, width

INKS = (
    "text", "dim", "faint", "title", "good", "warn", "bad", "busy", "role", "off", "accent",
    "key", "alarm", "stale", "added", "removed", "moved", "cursor", "match", "mark", "tab",
    "bar",
)  # fmt: skip
"""Every ink that a theme must define."""


class Span(NamedTuple):
    text: str
    ink: str = "text"


Line = tuple[Span, ...]
BLANK: Line = ()


def line(*parts: Span | str) -> Line:
    """A line from spans and plain strings."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def text_of(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)


def width_of(spans: Iterable[Span]) -> int:
    return sum(width(span.text) for span in spans)


def clip_line(spans: Line, cells: int, ellipsis: str = "…") -> Line:
    """The line, at most `cells` wide."""
    kept: list[Span] = []
    room = cells
    for span in spans:
        taken = width(span.text)
        if taken > room:
            if not room and kept:  # a sign that something is missing, in place of the last cell
                last = kept.pop()
                span, room = Span(last.text + "  ", last.ink), width(last.text)
            kept.append(Span(clip(span.text, room, ellipsis), span.ink))
            break
        kept.append(span)
        room -= taken
    return tuple(span for span in kept if span.text)


def plainly(spans: Line) -> Line:
    """The line in ASCII, just as wide."""
    return tuple(Span(plain(text), ink) for text, ink in spans)


def without(spans: Line, cells: int) -> Line:
    """The line without its first `cells`."""
    kept: list[Span] = []
    for span in spans:
        dropped = 0
        while cells > 0 and dropped < len(span.text):
            cells -= width(span.text[dropped])
            dropped += 1
        kept.append(Span(span.text[dropped:], span.ink))
    return tuple(span for span in kept if span.text)


def fit_line(spans: Line, cells: int, ellipsis: str = "…") -> Line:
    """The line, just `cells` wide."""
    clipped = clip_line(spans, cells, ellipsis)
    missing = cells - width_of(clipped)
    return (*clipped, Span(" " * missing)) if missing > 0 else clipped


def section(name: str, lines: list[Line]) -> list[Line]:
    """Lines under a heading; nothing where there are none."""
    return [BLANK, (Span(name, "accent"),), *lines] if lines else []


def wrap(text: str, cells: int, ink: str = "text", indent: str = "") -> list[Line]:
    """A sentence over as many lines as it needs, broken at blanks where there are any."""
    lines: list[Line] = []
    current = ""
    for word in text.split():
        while width(word) > max(cells, 8):  # no blank to break at
            word, rest = _split(word, max(cells, 8)), word
            if current:
                lines.append((Span(current, ink),))
                current = ""
            lines.append((Span(word, ink),))
            word = rest[len(word) :]
        joined = f"{current} {word}" if current else word
        if width(joined) > cells and current:
            lines.append((Span(current, ink),))
            current = indent + word
        else:
            current = joined
    if current:
        lines.append((Span(current, ink),))
    return lines


def _split(word: str, cells: int) -> str:
    kept = ""
    for char in word:
        if width(kept) + width(char) > cells:
            break
        kept += char
    return kept or word[:1]

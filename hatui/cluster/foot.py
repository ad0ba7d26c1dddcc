"""The two lines at the bottom: what happened last, and the keys of this very view."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from hatui.cluster.clock import when
from hatui.cluster.draw import Signs
from hatui.cluster.items import Item
from hatui.cluster.lists import level_ink, level_look
from hatui.cluster.looks import shape
from hatui.cluster.news import QUIET, News
from hatui.cluster.safe import width
from hatui.cluster.spans import Line, Span, clip_line

Hint = tuple[str, str]
CAUSED = ("events", "failures", "fencing")
"""Views of what happened: each line of them has a cause."""


def ticker(news: Sequence[News], lines: int, cells: int, signs: Signs, now: float) -> list[Line]:
    """The newest news, the newest at the bottom."""
    newest = (one for one in reversed(news) if one.level > QUIET)
    shown = list(islice(newest, lines))[::-1]
    drawn: list[Line] = [() for _ in range(lines - len(shown))]
    for one in shown:
        look = level_look(one.level)
        said = (Span(f" {shape(look, signs.ascii_only)} ", look.ink),
                Span(f"{when(one.at, now)}  ", "faint"), Span(one.sentence, _ink(one)))  # fmt: skip
        drawn.append(clip_line(said, cells, signs.ellipsis))
    return drawn


def _ink(news: News) -> str:
    ink = level_ink(news.level)
    return "dim" if ink == "text" else ink


def hints(item: Item | None, view: str, readonly: bool) -> list[Hint]:
    """The keys that matter most here, in their order of worth."""
    found: list[Hint] = []
    if item is not None and not readonly:
        if item.resource:
            found += [("m", "move")]
            found += [("C", "clean up")] if item.rank >= 2 else []
            found += [("a", "actions")]
        elif item.kind == "node":
            found += [("S", "standby"), ("a", "actions")]
    if item is not None:
        words = {"context": "go there", "section": "fold"}
        found.append(("enter", words.get(item.kind, "detail")))
    if item is not None and view in CAUSED:
        found.append(("e", "cause"))
    elif item is not None and item.resource:
        found.append(("e", "why"))
    found += [("/", "filter"), ("z", "faults"), ("?", "help"), ("Q", "quit")]
    return found


def foot(hints: Sequence[Hint], cells: int) -> Line:
    """As many as fit; help and quit always do."""
    line: list[Span] = [Span(" ")]
    room = cells - 1
    keep = [hint for hint in hints if hint[0] in ("?", "Q")]
    others = [hint for hint in hints if hint not in keep]
    reserve = sum(_cells(hint) for hint in keep)
    chosen: list[Hint] = []
    for hint in others:
        if _cells(hint) + reserve > room:
            break
        chosen.append(hint)
        room -= _cells(hint)
    for key, label in (*chosen, *keep):
        line += [Span(f" {key} ", "key"), Span(f"{label}  ", "dim")]
    return clip_line(tuple(line), cells)


def _cells(hint: Hint) -> int:
    return width(hint[0]) + width(hint[1]) + 4

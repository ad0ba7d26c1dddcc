"""The letters of crm_mon: each turns a part of the picture on or off while it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hatui.output.choice import FENCING, GROUPS, Choice

HEADERS = frozenset(GROUPS["summary"])


class Toggle(NamedTuple):
    """One letter: what it is about, whether it is on, and the other way round."""

    letter: str
    words: str
    on: Callable[[Choice], bool]
    turned: Callable[[Choice], Choice]


def _section(letter: str, words: str, *names: str) -> Toggle:
    wanted = frozenset(names)

    def turned(choice: Choice) -> Choice:
        shown = wanted <= choice.sections
        found = choice.sections - wanted if shown else choice.sections | wanted
        return choice._replace(sections=found)

    return Toggle(letter, words, lambda choice: wanted <= choice.sections, turned)


def _fencing(choice: Choice) -> Choice:
    """0 none, 1 failed and pending, 2 succeeded too, 3 all of them in full; then 0 again."""
    level = fence_level(choice)
    shown: tuple[frozenset[str], ...] = (
        frozenset(),
        frozenset(FENCING[:2]),
        frozenset(FENCING),
        frozenset(FENCING),
    )
    level = (level + 1) % 4
    return choice._replace(
        sections=(choice.sections - frozenset(FENCING)) | shown[level], full_history=level == 3
    )


def fence_level(choice: Choice) -> int:
    if "fencing-succeeded" in choice.sections:
        return 3 if choice.full_history else 2
    return 1 if "fencing-failed" in choice.sections else 0


TOGGLES: tuple[Toggle, ...] = (
    _section("c", "tickets", "tickets"),
    _section("f", "fail counts", "failcounts"),
    Toggle("n", "resources under their nodes", lambda c: c.by_node,
           lambda c: c._replace(by_node=not c.by_node)),
    _section("o", "operations", "operations"),
    Toggle("r", "inactive resources", lambda c: c.inactive,
           lambda c: c._replace(inactive=not c.inactive)),
    Toggle("R", "details", lambda c: c.detail, lambda c: c._replace(detail=not c.detail)),
    Toggle("t", "times of operations", lambda c: c.timing,
           lambda c: c._replace(timing=not c.timing, sections=c.sections | {"operations"})),
    _section("A", "node attributes", "attributes"),
    _section("L", "bans", "bans"),
    Toggle("D", "no headers", lambda c: not c.sections & HEADERS,
           lambda c: c._replace(sections=c.sections - HEADERS if c.sections & HEADERS
                                else c.sections | HEADERS)),
    Toggle("b", "brief", lambda c: c.brief, lambda c: c._replace(brief=not c.brief)),
    Toggle("m", "fencing history, 0 to 3", lambda c: fence_level(c) > 0, _fencing),
)  # fmt: skip


def toggle(choice: Choice, letter: str) -> Choice:
    """The choice with this letter pressed."""
    return next(one.turned(choice) for one in TOGGLES if one.letter == letter)

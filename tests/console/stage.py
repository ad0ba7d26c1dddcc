"""The console on a stage without a terminal: an app on a cluster in memory, and its picture."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.config import Context
from hatui.link.follower import Follower
from hatui.link.thinker import Thinker
from tests.console.feed import Cluster, MemoryLink

SIZE = (120, 40)


def stage(
    cluster: Cluster, *, theme: str = "hatui-dark", ascii_only: bool = False, prod: bool = False,
    readonly: bool = False, **settings: Any,
) -> Hatui:  # fmt: skip
    """An app that is ready to run."""
    thinker = Thinker(lambda: cluster.now)
    context = Context("demo", (), readonly=readonly, prod=prod, **settings)
    link = MemoryLink(cluster, thinker)
    app = Hatui(context, link, thinker, theme=theme, ascii_only=ascii_only)
    app.patience = 0.001
    app.look = 0.0
    return app


def link_of(app: Hatui) -> MemoryLink:
    link = app.link
    assert isinstance(link, MemoryLink)
    return link


_SHORT = ("preview", "give", "travel", "export", "decide", "blast", "survey")
"""Workers that end by themselves; the others wait for the operator."""


PATIENCE = 100.0
"""Seconds after which what never settles says why."""


async def settled(pilot: Pilot[int]) -> None:
    """Until flushes, thoughts and repaints are through."""
    app = pilot.app
    assert isinstance(app, Hatui)
    await pilot.pause()
    began = time.monotonic()
    while why := _busy(app):
        assert time.monotonic() - began < PATIENCE, f"it never settles: {why}"
        await asyncio.sleep(0.01)
    await pilot.pause()


def _busy(app: Hatui) -> str:
    """What it is at; empty if nothing."""
    follower: Follower | None = getattr(app.link, "follower", None)
    if not app.is_running:
        return ""
    if follower is None or not follower.idle:
        return "the follower has news"
    if not app.through:
        return "keys wait"
    if app.foreseeing:
        return f"losses of {app.moment.state.basis} are foreseen"
    waiting = [w.group for w in app.workers if w.group in _SHORT and w.is_running]
    return f"workers: {waiting}" if waiting else ""


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Until this holds; the test's own time limit ends what never does."""
    while not holds():  # noqa: ASYNC110 - screens set no event
        await asyncio.sleep(0.02)
    await settled(pilot)


def text(app: Hatui) -> str:
    """The screen as plain text, one line per row."""
    width, height = app.size
    lines = app.screen._compositor.render_strips(app.size)[:height]
    return "\n".join(strip.text[:width].rstrip() for strip in lines)


def said(app: Hatui) -> str:
    """The words at the edge of the screen, however they are broken into lines."""
    return "\n".join(one.message for one in app._notifications)


def svg(app: Hatui, title: str = "hatui") -> str:
    """The screen as SVG, the same each time: Textual's export names its classes by chance."""
    drawn = app.export_screenshot(title=title)
    names = dict.fromkeys(re.findall(r"terminal-\d+", drawn))
    for number, name in enumerate(names):
        drawn = drawn.replace(name, f"terminal-{number}")
    return _SPACED.sub(_moved, drawn)


_CELL = 12.2
_SPACED = re.compile(
    r'x="([0-9.]+)" y="([0-9.]+)" textLength="([0-9.]+)"([^>]*)>((?:&#160;)+)([^<]*)<'
)


def _moved(found: re.Match[str]) -> str:
    """A text without its leading blanks, further right: some renderers drop blanks."""
    x, y, length, more, blanks, rest = found.groups()
    cells = len(blanks) // len("&#160;")
    moved, left = float(x) + cells * _CELL, float(length) - cells * _CELL
    return f'x="{moved:g}" y="{y}" textLength="{max(left, 0):g}"{more}>{rest}<'


async def play(app: Hatui, keys: Sequence[str], size: tuple[int, int] = SIZE) -> str:
    """Press keys, one after the other has had its effect; the picture at the end."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        return svg(app)

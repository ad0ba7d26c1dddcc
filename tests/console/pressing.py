"""A pilot at the console's keys: what tests of screens begin with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.screens.main import MainScreen
from tests.console.feed import Cluster
from tests.console.stage import settled, stage, text, until

Script = Callable[[Pilot[int], Hatui], Awaitable[None]]


def run(script: Script, cluster: Cluster, size: tuple[int, int] = (80, 24), **how: object) -> None:
    """Play a script on a console on this cluster."""

    async def play() -> None:
        app = stage(cluster, **how)  # type: ignore[arg-type]
        async with app.run_test(size=size, notifications=True) as pilot:
            await settled(pilot)
            await script(pilot, app)

    asyncio.run(play())


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def type_in(pilot: Pilot[int], app: Hatui, line: str, shown: str) -> None:
    """A command after `:`, until what it leads to is seen."""
    await pilot.press("colon", *line, "enter")
    await until(pilot, lambda: shown in text(app))


def cursor(app: Hatui) -> str:
    """The key of the row that it is on."""
    screen = app.screen
    assert isinstance(screen, MainScreen)
    item = screen.rows.item
    return item.key if item else ""

"""The mouse: clicks on rows, tabs, key hints and menus, and the wheel."""

from __future__ import annotations

from textual.events import MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from hatui.screens.preview import PreviewScreen
from hatui.screens.reader import Reader
from hatui.widgets.rows import Rows
from tests.console.feed import healthy
from tests.console.pressing import cursor, press, run
from tests.console.stage import link_of, settled, text


async def click(pilot: Pilot[int], app: Hatui, shown: str) -> None:
    """On the first place of the screen where this stands."""
    lines = text(app).splitlines()
    y = next(n for n, line in enumerate(lines) if shown in line)
    await pilot.click(offset=(lines[y].index(shown), y))
    await settled(pilot)


def test_a_click_moves_the_cursor_and_another_opens() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await click(pilot, app, "backup ")
        assert cursor(app) == "backup"
        assert isinstance(app.screen, MainScreen)
        await click(pilot, app, "backup ")
        assert isinstance(app.screen, Reader)

    run(script, healthy())


def test_below_the_last_row_a_click_does_nothing() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "4")
        await pilot.click(offset=(5, 12))
        await settled(pilot)
        assert isinstance(app.screen, MainScreen)

    run(script, healthy())


def test_the_wheel_moves_the_cursor() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        rows = app.screen.query_one("#resources", Rows)
        at = rows.position[0]
        await pilot._post_mouse_events([MouseScrollDown], rows, (3, 3))
        await settled(pilot)
        assert rows.position[0] == at + 3
        await pilot._post_mouse_events([MouseScrollUp], rows, (3, 3))
        await settled(pilot)
        assert rows.position[0] == at

    run(script, healthy())


def test_tabs_are_clicked() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await click(pilot, app, "Nodes")
        assert screen.view == "nodes"
        line = text(app).splitlines()[1]
        await pilot.click(offset=(line.index("5"), 1))
        await settled(pilot)
        assert screen.view == "events"
        await pilot.click(offset=(line.index("1"), 1))
        await settled(pilot)
        assert screen.view == "resources"

    run(script, healthy())


def test_key_hints_and_menus_are_clicked_and_order_nothing_by_themselves() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await click(pilot, app, "move")
        assert isinstance(app.screen, Menu)
        await click(pilot, app, "1  n1")  # it is there: the menu stays
        assert isinstance(app.screen, Menu)
        await click(pilot, app, "2  n2")
        assert isinstance(app.screen, PreviewScreen)
        assert link_of(app).orders == []

    run(script, healthy())

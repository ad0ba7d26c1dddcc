"""Keys of the main screen that move about in it, pressed by a pilot on a cluster in memory."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.screens.main import MainScreen
from tests.console.feed import failed, healthy
from tests.console.pressing import cursor, press, run
from tests.console.stage import link_of, text


def test_first_sight_is_the_tree_of_resources() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        lines = text(app).splitlines()
        assert lines[0].startswith(" ● demo   all well   quorum 3/3   any node may fail   DC n1")
        assert lines[0].endswith("via n1")
        assert lines[2].startswith("  ▾ front         ● started     n1")
        assert len(lines) == 24
        assert "help" in lines[23]

    run(script, healthy())


def test_cursor_keys_move_and_fold() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j")
        assert cursor(app) == "web"
        await press(pilot, "h")
        assert cursor(app) == "front"
        await press(pilot, "h", "j")
        assert cursor(app) == "backup"
        await press(pilot, "k", "l", "down")
        assert cursor(app) == "front-ip"
        await press(pilot, "G")
        assert cursor(app) == "@devices"
        await press(pilot, "plus", "j")
        assert cursor(app) == "fence-n1"
        await press(pilot, "g")
        assert cursor(app) == "front"
        await press(pilot, "ctrl+d")
        assert cursor(app) != "front"
        await press(pilot, "ctrl+u", "asterisk")
        assert "fence-n3" in text(app)
        await press(pilot, "asterisk")
        assert "front-ip" not in text(app)

    run(script, healthy())


def test_ctrl_d_and_ctrl_k_never_order_anything() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "ctrl+d", "ctrl+k", "enter", "y", "ctrl+k")
        assert link_of(app).orders == []

    run(script, healthy())


@pytest.mark.parametrize(
    ("key", "shown"),
    [("1", "front"), ("2", "DC"), ("3", "● n1  ● n2  ● n3"), ("6", "complete"),
     ("8", "prefers"), ("B", "n1 hears"),
     ("4", "monitor every 1s: not running"), ("5", "was founded"),
     ("7", "no node has been fenced")],
)  # fmt: skip
def test_views(key: str, shown: str) -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, key, "G")
        assert shown in text(app)
        await press(pilot, "q", "minus")

    run(script, failed())


def test_last_view_and_back() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await press(pilot, "2", "5", "minus")
        assert screen.view == "nodes"
        await press(pilot, "q")
        assert screen.view == "resources"
        await press(pilot, "q", "backspace", "escape")
        assert app.is_running

    run(script, healthy())


def test_faults_only() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "z")
        assert "backup" not in text(app)
        assert "web" in text(app)
        assert "faults only" in text(app)
        await press(pilot, "z", "n")
        assert "backup" in text(app)

    run(script, failed())


def test_the_rest_of_the_keys() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "r")
        assert link_of(app).resyncs == 1
        await press(pilot, "exclamation_mark")
        assert not app.bell_on
        await press(pilot, "ctrl+q", "ctrl+c")
        assert app.is_running
        await press(pilot, "space", "U")
        assert "marked" not in text(app)
        await press(pilot, "ctrl+p")
        await press(pilot, *"themono", "escape")
        await press(pilot, "x", "escape", "M", "escape", "Q")
        assert not app.is_running
        assert app.return_value == 0

    run(script, healthy())

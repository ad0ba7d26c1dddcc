"""What is typed after `/` and `:`."""

from __future__ import annotations

from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.screens.preview import PreviewScreen
from tests.console.feed import healthy
from tests.console.pressing import press, run
from tests.console.stage import text, until


def test_filter_is_live_and_q_takes_it_away() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "slash", *"node:n2")
        assert "backup" in text(app)
        assert "front" not in text(app)
        await press(pilot, "enter")
        assert "/node:n2" in text(app)
        await press(pilot, "n")
        await press(pilot, "N")
        await press(pilot, "q")
        assert "front" in text(app)
        await press(pilot, "slash", *"zzz", "escape")
        assert "front" in text(app)

    run(script, healthy())


def test_command_line() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        async def type_in(line: str, shown: str) -> None:
            await pilot.press("colon", *line, "enter")
            await until(pilot, lambda: shown in text(app))

        await type_in("nodes", "DC")
        await pilot.press("colon", *"theme hatui-light", "enter")
        await until(pilot, lambda: app.theme == "hatui-light")
        await type_in("move web", "move takes a resource and a node")
        await type_in("frobnicate", "unknown command")
        await type_in("stop nothing", "'nothing' is neither a")
        await type_in("stop backup", "hanode resource stop backup")
        assert isinstance(app.screen, PreviewScreen)

    run(script, healthy(), (100, 30))

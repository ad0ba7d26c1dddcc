"""What is typed after `/` and `:`."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.keys import _character_to_key
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
        await type_in("frobnicate", "no command 'frobnicate'")
        await type_in("mvoe web n2", "did you mean move")
        await type_in("move front web", "no node is called 'web'")
        await type_in("stop nothing", "no resource is called 'nothing'")
        await type_in("stop backup", "hanode resource stop backup")
        assert isinstance(app.screen, PreviewScreen)

    run(script, healthy(), (100, 30))


def _burst(app: Hatui, keys: str) -> None:
    """All at once, as a terminal brings what was pasted, or typed while the line was slow."""
    for one in keys:
        name = {"\r": "enter", "\x1b": "escape"}.get(one) or _character_to_key(one)
        app.post_message(Key(name, one))


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (":theme hatui-light\r2", "if lost: "),
        ("/node:n2\r", "/node:n2"),
        ("jj:stop backup\r", "hanode resource stop backup"),
        ("m2", "hanode resource move front n2"),
        ("2:at nonsense\r", "go where?"),
        ("?\x1b0", "Current DC"),
    ],
)
def test_keys_of_one_burst_go_where_the_one_before_has_led(keys: str, shown: str) -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        _burst(app, keys)
        await until(pilot, lambda: shown in text(app))

    run(script, healthy(), (120, 30))

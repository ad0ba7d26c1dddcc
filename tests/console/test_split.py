"""Keys in the view of beliefs while a cluster is split, its sides beside each other."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from hanode.state import ClusterState
from hatui.app import Hatui
from hatui.cluster.beliefs import Word
from hatui.screens.menu import Menu
from hatui.screens.preview import PreviewScreen
from tests.console.feed import Cluster, outage, pulse_of
from tests.console.pressing import Script, cursor, press, run
from tests.console.stage import link_of, text, until

WIDE = (140, 40)
NARROW = (100, 40)


def divided(cluster: Cluster) -> tuple[Word, ...]:
    """n1 and n2 hear each other; n3 hears nobody, and its log ends where it was cut off."""
    lonely = ClusterState.unpack(cluster.state.pack())
    words = [Word(name, pulse_of(cluster, name, ("n1", "n2"))) for name in ("n1", "n2")]
    return (*words, Word("n3", pulse_of(cluster, "n3", ("n3",)), lonely))


def play(script: Script, size: tuple[int, int] = WIDE) -> None:
    cluster = outage()

    async def split(pilot: Pilot[int], app: Hatui) -> None:
        link_of(app).around = divided(cluster)
        await press(pilot, "B")
        await until(pilot, lambda: "1 of 3: n3" in text(app) or "▾ n3" in text(app))
        await script(pilot, app)

    run(split, cluster, size=size)


def line_of(app: Hatui, name: str) -> str:
    return next(line for line in text(app).splitlines() if name in line)


def test_the_cursor_goes_from_row_to_row() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "g")
        seen = []
        for _ in range(9):
            seen.append(cursor(app))
            await press(pilot, "j")
        nodes = [key for key in seen if key.startswith("belief:")]
        assert nodes == ["belief:n1", "belief:n2", "belief:n3"]
        assert seen[:3] == ["@split", "@follows:", "@its log:"]
        await press(pilot, "k", "g")
        assert cursor(app) == "@split"

    play(script)


def test_branches_fold_and_open() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "g", "j", "j", "j")
        assert cursor(app) == "belief:n1"
        runs = text(app).count("runs ")
        await press(pilot, "h")
        assert text(app).count("runs ") == runs - 1
        assert cursor(app) == "belief:n1"
        await press(pilot, "l", "l")
        assert text(app).count("runs ") == runs
        assert cursor(app) == "@runs:n1"
        await press(pilot, "h")
        assert cursor(app) == "belief:n1"
        await press(pilot, "g", "h")
        assert "belief" not in cursor(app)
        assert "follows" not in text(app)
        await press(pilot, "l")
        assert "follows" in text(app)

    play(script)


def test_a_filter_leaves_the_way_to_what_it_finds() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "slash", *"node:n3", "enter")
        shown = text(app)
        assert "who believes what" in shown
        assert "│" in line_of(app, "who believes what")
        assert "follows" not in shown
        assert "├ n2" not in shown
        await press(pilot, "q")
        assert "follows" in text(app)

    play(script)


def test_what_is_done_to_a_node_is_done_from_here() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "g", "j", "j", "j", "S")
        assert isinstance(app.screen, PreviewScreen)
        assert "put n1 on standby" in text(app)
        await press(pilot, "escape", "a")
        assert isinstance(app.screen, Menu)
        await press(pilot, "escape", "m")
        assert "select a resource first" in text(app)
        assert link_of(app).orders == []

    play(script)


@pytest.mark.parametrize("key", ["enter", "e", "c", "b", "V", "o"])
def test_no_key_fails_on_any_row(key: str) -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "g")
        for _ in range(6):
            await press(pilot, key, "escape", "B", "j")
        assert app.is_running
        assert link_of(app).orders == []

    play(script)


def test_in_a_narrow_terminal_each_side_is_a_section() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "g")
        assert cursor(app).startswith("@side0")
        await press(pilot, "h", "j")
        assert cursor(app).startswith("@side1")
        assert "▲ no quorum" in line_of(app, "▾ n3")
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "1 of 3: n3" in text(app))
        await press(pilot, "j")
        assert app.is_running

    play(script, NARROW)

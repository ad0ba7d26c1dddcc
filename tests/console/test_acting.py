"""What is done from the console: every deed, its way back, the lock, the editor."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from textual.pilot import Pilot

from hanode.events import CibChanged, TicketSet
from hatui.app import Hatui
from hatui.screens.cards import CardsScreen
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from hatui.screens.preview import PreviewScreen
from tests.console.feed import Cluster, healthy
from tests.console.pressing import press, run, type_in
from tests.console.stage import link_of, settled, text, until


async def back(pilot: Pilot[int], app: Hatui) -> None:
    await until(pilot, lambda: isinstance(app.screen, MainScreen))


def test_undo_of_a_move_says_who_and_when_and_is_previewed() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "m", "2", "y")
        await back(pilot, app)
        await press(pilot, "u")
        assert isinstance(app.screen, CardsScreen)
        shown = text(app)
        assert "what operators did for front, and still holds" in shown
        assert "front is held on n2" in shown
        assert "anna 12:00:" in shown
        assert "resource move front n2" in shown
        await press(pilot, "enter")
        assert isinstance(app.screen, PreviewScreen)
        assert "enter do it" in text(app)
        assert "hanode resource clear front n2" in text(app)
        await press(pilot, "enter")
        await back(pilot, app)
        await press(pilot, "u")
        assert "nothing is in force" in text(app)
        await press(pilot, "j", "k", "q")
        assert isinstance(app.screen, MainScreen)

    run(script, healthy(), (100, 30))


def test_all_that_still_holds_is_on_the_cards() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        lines = ("standby n3", "stop backup", "unmanage web", "ticket-grant east")
        for line in (*lines, "ticket-standby east"):
            await type_in(pilot, app, line, "do it")
            await press(pilot, "y")
            await back(pilot, app)
        await press(pilot, "j", "j", "j", "j", "j", "j", "u")
        await press(pilot, "escape", "colon", *"undo", "enter")
        await until(pilot, lambda: isinstance(app.screen, CardsScreen))
        await press(pilot, "q")
        app.screen.query_one("#resources").go("@devices")  # type: ignore[attr-defined]
        await press(pilot, "u")
        shown = text(app)
        for said in ("n3 is on standby", "backup is told to stop", "web is not managed"):
            assert said in shown

    run(script, healthy(), (100, 30))


def test_restart_is_one_order_in_two_halves() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j", "a", "r")
        shown = text(app)
        assert "restart web" in shown
        order = [shown.index(step) for step in ("stop web on n1", "start web on n1")]
        assert order == sorted(order)
        assert "hanode resource restart web" in shown
        await press(pilot, "y")
        await back(pilot, app)
        stop, start = link_of(app).orders
        assert isinstance(stop, CibChanged)
        assert isinstance(start, CibChanged)
        assert "restart web: done, 2 steps" in text(app)
        assert "told to stop" not in text(app)

    run(script, healthy(), (100, 34))


def test_demote_and_promote_again() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        app.screen.query_one("#resources").go("db-clone")  # type: ignore[attr-defined]
        await press(pilot, "a", "d")
        assert "demote db on n2" in text(app)
        await press(pilot, "y")
        await back(pilot, app)
        await press(pilot, "a", "p")
        assert "promote db on n2" in text(app)
        await press(pilot, "y")
        await back(pilot, app)
        assert "promoted" in text(app)

    run(script, healthy(), (100, 34))


def test_tickets() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await type_in(pilot, app, "ticket-grant east", "hanode ticket grant east")
        await press(pilot, "y")
        await back(pilot, app)
        (order,) = link_of(app).orders
        assert order == TicketSet("east", True, None, "")
        await type_in(pilot, app, "ticket-revoke east", "type east")

    run(script, healthy(), (100, 30))


@pytest.mark.parametrize(
    ("line", "shown"),
    [("promote db", "PREVIEW"), ("restart web", "stop web on n1"), ("leave n3", "type n3"),
     ("manage web", "nothing to change"), ("maintenance-mode on", "maintenance mode on")],
)  # fmt: skip
def test_typed_orders(line: str, shown: str) -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await type_in(pilot, app, line, shown)
        await press(pilot, "escape")
        assert link_of(app).orders == []

    run(script, healthy(), (100, 30))


def test_a_question_orders_nothing() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await type_in(pilot, app, "whatif-lost n1", "WHAT IF")
        shown = text(app)
        assert "fence n1" in shown
        assert "start web on n2" in shown
        await press(pilot, "y", "enter")
        assert isinstance(app.screen, PreviewScreen)
        await press(pilot, "escape")
        await type_in(pilot, app, "whatif-without front-on-n1", "front-on-n1 were not there")
        await press(pilot, "escape")
        await type_in(pilot, app, "whatif-without nothing", "there is no constraint nothing")
        assert link_of(app).orders == []

    run(script, healthy(), (100, 34))


def test_read_only_opens_for_a_while_and_says_so() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "m")
        assert "read-only: :unlock 10m" in text(app)
        await type_in(pilot, app, "unlock 5x", "not '5x'")
        await type_in(pilot, app, "unlock 5m", "UNLOCKED 5 min")
        assert "READ-ONLY" not in text(app)
        await press(pilot, "m", "2", "y")
        await back(pilot, app)
        assert len(link_of(app).orders) == 1
        await type_in(pilot, app, "lock", "READ-ONLY")
        await press(pilot, "m")
        assert isinstance(app.screen, MainScreen)

    run(script, healthy(), (100, 30), readonly=True)


def _editor(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def test_the_configuration_in_an_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        monkeypatch.setenv("EDITOR", _editor(tmp_path / "same", "exit 0"))
        await pilot.press("E")
        await until(pilot, lambda: "nothing was changed" in text(app))
        change = """sed -i 's/id="backup" /id="backup" description="nightly" /' "$1" """
        monkeypatch.setenv("EDITOR", _editor(tmp_path / "change", change))
        await pilot.press("E")
        await until(pilot, lambda: isinstance(app.screen, PreviewScreen))
        await settled(pilot)
        assert 'description="nightly"' in text(app)
        await press(pilot, *"configuration", "enter")
        await back(pilot, app)
        (order,) = link_of(app).orders
        assert isinstance(order, CibChanged)
        assert 'description="nightly"' in app.moment.state.cib
        await press(pilot, "u")
        assert "the configuration was replaced" in text(app)
        await press(pilot, "enter", *"configuration", "enter")
        await back(pilot, app)
        assert 'description="nightly"' not in app.moment.state.cib

    run(script, healthy(), (120, 50))


def test_nothing_written_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is no configuration comes back with the reason on top; then the operator gives
    up, and the file stays."""

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        seen = tmp_path / "seen"
        breaks = (f"""cp "$1" {seen}; grep -q '<!-- hatui: ' "$1" ||"""
                  """ sed -i 's/<primitive/<primitif/' "$1" """)  # fmt: skip
        monkeypatch.setenv("EDITOR", _editor(tmp_path / "break", breaks))
        await pilot.press("E")
        await until(pilot, lambda: "what you wrote is in" in text(app))
        told = seen.read_text()
        assert told.startswith("<!-- hatui: ")
        assert "primitif" in told
        (kept,) = [name for name in os.listdir(tmp_path / "kept") if name.startswith("hatui-")]
        assert "primitif" in (tmp_path / "kept" / kept).read_text()
        mends = ("""sed -i 's/<primitif/<primitive/; """
                 """s/id="backup" /id="backup" description="x" /' "$1" """)  # fmt: skip
        monkeypatch.setenv("EDITOR", _editor(tmp_path / "mend", mends))
        await pilot.press("E")
        await until(pilot, lambda: isinstance(app.screen, PreviewScreen))
        await press(pilot, "escape")
        assert "not given; E opens it again" in text(app)
        assert link_of(app).orders == []

    (tmp_path / "kept").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "kept"))
    monkeypatch.setattr("tempfile.tempdir", None)
    run(script, healthy(), (150, 40))


def test_a_long_list_of_nodes_goes_with_the_cursor_and_is_narrowed_by_typing() -> None:
    cluster = Cluster([f"n{number}" for number in range(1, 31)])
    cluster.probed()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "m", *["down"] * 25)
        assert "> n26" in text(app)
        assert "26 of 30" in text(app)
        await press(pilot, "1", "2")
        assert isinstance(app.screen, Menu)
        assert "> n12" in text(app)
        assert "1 of 1" in text(app)
        await press(pilot, "backspace", "backspace", "n", "3")
        assert "> n3 " in text(app)
        await press(pilot, "0")
        assert "> n30" in text(app)
        await press(pilot, "j")  # a letter here, and no node has it in its name
        assert "> " not in text(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, Menu)
        await press(pilot, "backspace", "enter")
        assert isinstance(app.screen, PreviewScreen)
        assert "to n30" in text(app)

    run(script, cluster)

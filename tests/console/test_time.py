"""Time travel on the screen: stepping, going to, comparing, asking; an incident played back."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest
from textual.pilot import Pilot

from hanode.cib.document import parse
from hanode.state import ClusterState
from hatui.app import Hatui
from hatui.cluster.incident import packed
from hatui.cluster.items import Item, Row
from hatui.cluster.past import Past
from hatui.cluster.sheet import sheet
from hatui.cluster.spans import Span
from hatui.config import Context
from hatui.link.replay import ReplayLink, load
from hatui.link.thinker import Thinker
from hatui.screens.main import MainScreen
from hatui.screens.preview import PreviewScreen
from hatui.screens.reader import Reader
from tests.console.feed import Cluster, failed, outage
from tests.console.pressing import press, run, type_in
from tests.console.stage import link_of, settled, text


def test_back_through_an_outage_and_home_again() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        assert "n3 fencing" in text(app).splitlines()[0]
        await press(pilot, *["left_square_bracket"] * 3)
        lines = text(app).splitlines()
        assert " PAST " in lines[0]
        assert lines[1].startswith(" PAST 12:00:")
        assert "n3 fencing" not in text(app)
        assert "n3 lost" not in text(app)
        await press(pilot, "5")
        assert "must be fenced" not in text(app)
        await press(pilot, "right_square_bracket", "right_square_bracket")
        await press(pilot, "m")
        assert isinstance(app.screen, MainScreen)  # nothing is ordered in the past
        await press(pilot, "L")
        assert "PAST" not in text(app)
        assert "n3 fencing" in text(app).splitlines()[0]
        await press(pilot, "left_curly_bracket", "right_curly_bracket", "L")

    run(script, outage(), (120, 30))


def test_news_of_the_present_wait_until_one_is_back() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "left_square_bracket")
        link_of(app).cluster.lose("n3")
        await settled(pilot)
        assert "n3 lost" not in text(app)
        await press(pilot, "L")
        assert "n3 lost" in text(app)

    run(script, failed(), (120, 30))


def test_go_to_a_time_and_compare() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "D")
        assert isinstance(app.screen, MainScreen)
        await press(pilot, "T", *"#40", "enter")
        assert "entry 40 of" in text(app)
        await press(pilot, "D")
        assert isinstance(app.screen, Reader)
        shown = text(app)
        assert "n3" in shown
        assert "fencing" in shown
        await press(pilot, "q")
        await type_in(pilot, app, "at nonsense", "go where?")
        await type_in(pilot, app, "live", "n3 fencing")

    run(script, outage(), (120, 30))


def test_what_if_from_a_past_moment() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, *["left_square_bracket"] * 3)
        await press(pilot, "2", "a", "w")
        assert isinstance(app.screen, PreviewScreen)
        shown = text(app)
        assert "WHAT IF" in shown
        assert "fence n1" in shown
        await press(pilot, "escape")
        assert app.journey is not None
        assert link_of(app).orders == []

    run(script, outage(), (120, 34))


def test_export_and_replay(tmp_path: Path) -> None:
    file = tmp_path / "night.incident"

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await type_in(pilot, app, "export", "export FILE")
        await type_in(pilot, app, f"export {file}", "hatui replay")
        await type_in(pilot, app, "export /nowhere/at/all", "not exported")
        await type_in(pilot, app, f"export {file}", "choose another name")

    run(script, outage(), (150, 30))
    _replayed(load(str(file)))


def test_a_view_as_a_sheet_as_text_and_as_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        for ending in ("csv", "txt", "svg", "xml"):
            await type_in(pilot, app, f"export view.{ending}", f"view.{ending}: ")

    run(script, outage(), (150, 30))
    rows = list(csv.DictReader((tmp_path / "view.csv").read_text().splitlines()))
    web = next(row for row in rows if row["name"] == "web")
    assert (web["level"], web["state"], web["where"], web["node"]) == ("1", "started", "n1", "n1")
    assert any(row["name"] == "fence-n3" for row in rows), "folded branches are told, too"
    assert "front-ip" in (tmp_path / "view.txt").read_text()
    assert (tmp_path / "view.svg").read_text().startswith("<svg")
    assert parse((tmp_path / "view.xml").read_bytes()).status.nodes
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    item = Item("x", '=HYPERLINK("http://x")', "node", note=(Span("+1, @x"),))
    head, line = sheet([Row(item)]).splitlines()
    assert head.startswith("level,name,state")
    assert next(csv.reader([line]))[1:5] == ["'" + item.name, item.look.word, "", "'+1, @x"]


def _replayed(past: Past, broken: str = "") -> None:
    async def play() -> None:
        thinker = Thinker(lambda: past.records(past.last)[0].at)
        link = ReplayLink(past, "night", thinker)
        app = Hatui(Context("night", ()), link, thinker, theme="hatui-dark", readonly=True)
        async with app.run_test(size=(150, 30)) as pilot:
            await pilot.pause()
            lines = text(app).splitlines()
            assert "n3 fencing" in lines[0]
            assert "via recording" in lines[0]
            await pilot.press("5")
            await pilot.pause()
            assert "n3 must be fenced" in text(app)
            assert broken in text(app)
            await travel_quietly(pilot, app, "left_square_bracket", "left_square_bracket")
            assert "PAST" in text(app)

    asyncio.run(play())


async def travel_quietly(pilot: Pilot[int], app: Hatui, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        while any(w.group == "travel" and w.is_running for w in app.workers):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await pilot.pause()


def _whole(cluster: Cluster) -> Past:
    past = Past()
    past.anchor(ClusterState())
    past.earlier(cluster.entries)
    return past


def test_a_forged_record_is_shown_as_such(tmp_path: Path) -> None:
    cluster = outage()
    data = packed(_whole(cluster), 1, len(cluster.entries))
    signature = cluster.entries[-3].signed.signature
    file = tmp_path / "forged"
    file.write_bytes(data.replace(signature, bytes(64)))
    _replayed(load(str(file)), "can't be trusted: not signed by")

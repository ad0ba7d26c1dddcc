"""A demo's troubles and its tour."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.cluster import errands
from hatui.cluster.tour import STOPS, Seen, Tour
from hatui.cluster.whatif import look_at
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from tests.console.feed import Cluster, healthy, outage
from tests.console.pressing import press, run, type_in
from tests.console.stage import text, until


def seen(cluster: Cluster, selected: str = "", screen: str = "", past: bool = False) -> Seen:
    return Seen(look_at(cluster.state, cluster.now), selected, screen, past)


def test_the_tour_goes_on_when_what_it_asks_for_is_done() -> None:
    cluster = healthy()
    tour = Tour(seen(cluster))
    assert not tour.look(seen(cluster))
    assert tour.look(seen(cluster, "front"))
    assert not tour.look(seen(cluster, screen="why front is where it is"))
    assert tour.look(seen(cluster, screen="why web is where it is"))
    assert not tour.look(seen(cluster))
    cluster.order(errands.move("front", "n2").build(cluster.state).events[0])
    cluster.settle()
    assert tour.look(seen(cluster))
    cluster.order(errands.clear("front").build(cluster.state).events[0])
    cluster.settle()
    assert tour.look(seen(cluster))
    cluster.lose("n2")
    cluster.intend("n2")
    assert tour.look(seen(cluster))
    assert not tour.look(seen(cluster))
    cluster.fence("n2")
    cluster.boots["n2"] = 2
    cluster.agree()
    cluster.settle()
    assert tour.look(seen(cluster))
    assert tour.look(seen(cluster, screen="from cause to recovery: n2"))
    assert not tour.look(seen(cluster, past=True)), "nothing of the trouble is seen yet"
    assert tour.look(seen(outage(), past=True))
    assert tour.look(seen(cluster))
    assert tour.at == len(STOPS) - 1
    assert not tour.look(seen(cluster))


def test_every_stop_fits_three_lines_of_eighty_cells() -> None:
    tour = Tour(seen(healthy()))
    for number in range(len(STOPS)):
        tour.at = number
        lines = tour.lines(80)
        assert len(lines) <= 3
        told = " ".join("".join(s.text for s in line) for line in lines)
        assert STOPS[number].text.split()[-1] in told


def test_the_tour_on_the_screen() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await type_in(pilot, app, "tour", "TOUR 1/")
        await press(pilot, "j")
        await until(pilot, lambda: "TOUR 2/" in text(app))
        await press(pilot, "j")
        await press(pilot, "e")
        await press(pilot, "q")
        await until(pilot, lambda: "TOUR" in text(app))
        await pilot.press("colon", *"tour", "enter")
        await until(pilot, lambda: "TOUR" not in text(app))

    run(script, healthy(), (80, 24))


def test_trouble_only_in_a_demo() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "X")
        assert isinstance(app.screen, MainScreen)
        assert "in demos only" in text(app)

    run(script, healthy(), (100, 30))


def test_trouble_is_asked_of_the_strip(tmp_path: Path) -> None:
    asked: list[dict[str, str]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(json.loads(await reader.readline()))
        answer = {"ok": asked[-1]["action"] != "jam", "error": "the switch is stuck"}
        writer.write(json.dumps(answer).encode() + b"\n")
        writer.close()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        server = await asyncio.start_unix_server(serve, tmp_path / "strip")
        assert ":tour shows you round" in text(app)
        await press(pilot, "X")
        assert isinstance(app.screen, Menu)
        await pilot.press("k", "2")
        await until(pilot, lambda: "kill n2: done" in text(app))
        await pilot.press("X", "f", "3")
        await until(pilot, lambda: "the switch is stuck" in text(app))
        server.close()

    run(script, healthy(), (120, 30), chaos=str(tmp_path / "strip"))
    assert asked == [{"action": "kill", "plug": "n2"}, {"action": "jam", "plug": "n3"}]

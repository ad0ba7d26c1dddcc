"""Several clusters at once: each as it stands, and the way from one to the other."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.cluster.glimpse import Glimpse
from hatui.config import Context
from hatui.link.fleet import Fleet
from hatui.link.thinker import Thinker
from hatui.screens.main import MainScreen
from tests.console.feed import Cluster, MemoryLink, healthy, outage
from tests.console.pressing import press, type_in
from tests.console.stage import link_of, said, settled, stage, text, until


def elsewhere() -> Cluster:
    """A cluster of another name that has lost a node."""
    cluster = outage()
    cluster.state.name = "paris"
    return cluster


def two(here: Cluster, there: Cluster) -> Hatui:
    """A console on one of them that knows of the other."""
    app = stage(here)
    contexts = (Context("demo", ()), Context("paris", (), readonly=True, prod=True))
    app.fleet = Fleet(contexts, lambda _: MemoryLink(there, Thinker(lambda: there.now)))
    return app


def test_all_clusters_in_one_list() -> None:
    async def play() -> None:
        app = two(healthy(), elsewhere())
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await settled(pilot)
            assert "Clusters 1" not in text(app), "nobody was asked yet"
            await press(pilot, "9")
            await until(pilot, lambda: "n3 fencing" in text(app))
            lines = {line.split()[0]: line for line in text(app).splitlines() if line.strip()}
            assert "all well" in lines["demo"]
            assert "attached" in lines["demo"]
            assert "prod read-only" in lines["paris"]
            assert "quorum 2/3" in lines["paris"]
            assert "Clusters 1" in text(app), "one of the others is in trouble"

    asyncio.run(play())


def test_enter_goes_to_the_cluster_under_the_cursor_and_a_command_comes_back() -> None:
    async def play() -> None:
        app = two(healthy(), elsewhere())
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await settled(pilot)
            await press(pilot, "9", "j", "enter")
            await until(pilot, lambda: app.context.name == "paris" and "n3 fencing" in head(app))
            assert "READ-ONLY" in head(app), "its lock is its own"
            await press(pilot, "1", "m")
            assert "move" not in type(app.screen).__name__.lower()
            await back(pilot, app)

    async def back(pilot: Pilot[int], app: Hatui) -> None:
        await type_in(pilot, app, "ctx nowhere", "no context 'nowhere'")

    asyncio.run(play())


def test_what_was_chosen_in_one_cluster_is_not_meant_in_another() -> None:
    """Marks, a range that is being drawn, a moment of the past."""

    async def play() -> None:
        app = two(healthy(), healthy())
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await settled(pilot)
            await press(pilot, "2", "g", "space", "V", "j", "left_square_bracket")
            screen = app.screen
            assert isinstance(screen, MainScreen)
            assert screen.marked
            assert app.journey is not None
            await pilot.press("colon", *"ctx paris", "enter")
            await until(pilot, lambda: app.context.name == "paris" and "all well" in head(app))
            assert not screen.marked
            assert not screen.ranging
            assert app.journey is None
            assert "PAST" not in head(app)

    asyncio.run(play())


def test_what_is_half_done_is_not_left_for_another_cluster() -> None:
    async def play() -> None:
        app = two(healthy(), elsewhere())
        async with app.run_test(size=(110, 30), notifications=True) as pilot:
            await settled(pilot)
            link_of(app).held = True
            await press(pilot, "j", "j", "a", "r", "y", "escape")
            await pilot.press("colon", *"ctx paris", "enter")
            await until(pilot, lambda: "left to do: hanode resource start web" in said(app))
            assert app.context.name == "demo"

    asyncio.run(play())


def test_what_a_fleet_is_not_watching_it_does_not_show() -> None:
    async def play() -> None:
        cluster = healthy()

        def dial(_: Context) -> MemoryLink:
            return MemoryLink(cluster, Thinker(lambda: cluster.now))

        fleet = Fleet((Context("here", ()), Context("there", ())), dial)
        came = asyncio.Event()

        def changed() -> None:
            if fleet.glimpses(Glimpse("here"))[1].moment.state.position.index:
                came.set()

        fleet.watch("here", changed)
        await came.wait()
        await fleet.leave("there")  # the console itself goes there, and comes back
        there = fleet.glimpses(Glimpse("here"))[1]
        assert there.name == "there"
        assert not there.moment.state.position.index
        await fleet.close()

    asyncio.run(play())


def head(app: Hatui) -> str:
    return text(app).splitlines()[0]

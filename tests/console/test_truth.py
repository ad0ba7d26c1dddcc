"""What the screen says is so now, and of what is meant; or it says that it is not."""

from __future__ import annotations

import dataclasses

import pytest
from textual.pilot import Pilot

from hanode.events import AttributeSet
from hanode.mgmt import orders
from hatui.app import Hatui
from hatui.screens.cards import CardsScreen
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from hatui.screens.preview import PreviewScreen
from tests.console.feed import healthy, outage, pulse_of
from tests.console.pressing import press, run
from tests.console.stage import link_of, settled, text, until


def test_a_screen_that_is_thawed_in_the_past_still_shows_the_past() -> None:
    cluster = outage()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, *["left_square_bracket"] * 3)
        assert "n3 fencing" not in text(app)
        await press(pilot, "p")
        cluster.fail("backup", "n2", "it died")
        await settled(pilot)
        await press(pilot, "p")
        assert " PAST " in text(app).splitlines()[0]
        assert "n3 fencing" not in text(app)
        await press(pilot, "L")
        assert "n3 fencing" in text(app).splitlines()[0]

    run(script, cluster, (120, 30))


@pytest.mark.parametrize(("view", "shown"), [("2", "no space left"), ("4", "no space left")])
def test_a_disk_that_takes_no_writes_is_drawn_at_once(view: str, shown: str) -> None:
    """No entry of the log tells of it: the pulse alone does."""
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, view, "z")
        follower = link_of(app).follower
        assert follower is not None
        pulse = pulse_of(cluster, "n1")
        follower.take(dataclasses.replace(pulse, trouble="its disk is full: no space left"))
        await settled(pilot)
        assert shown in text(app)

    run(script, cluster, (120, 30))


def test_the_cards_say_that_the_line_is_lost() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "u")
        assert isinstance(app.screen, CardsScreen)
        link_of(app).lost(42.0)
        await settled(pilot)
        assert " STALE 42s " in text(app).splitlines()[0]

    run(script, healthy(), (120, 30))


def test_what_is_ordered_on_a_frozen_screen_is_previewed_on_what_is() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2", "p")
        cluster.say(AttributeSet("n1", "colour", "red"))
        await settled(pilot)
        await press(pilot, "S", "y")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert len(link_of(app).orders) == 1

    run(script, cluster, (120, 30))


def test_the_classic_picture_is_of_now() -> None:
    """The log's last word may be hours old on a quiet night."""
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        cluster.now += 7200.0
        await press(pilot, "0")
        assert "Last updated: Sat Nov 21 14:" in text(app)

    run(script, cluster, (120, 40))


def test_a_menu_names_what_is_meant() -> None:
    """Marks count for more than the cursor: they are what an order is given to."""

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.rows.go("backup")
        await press(pilot, "space")
        screen.rows.go("web")
        await press(pilot, "a")
        assert isinstance(app.screen, Menu)
        assert app.screen.heading == "backup (marked)"
        await press(pilot, "m")
        assert isinstance(app.screen, Menu)
        assert app.screen.heading == "move backup (marked) to"
        await press(pilot, "escape")
        screen.rows.go("db-clone")
        await press(pilot, "space")
        screen.rows.go("web")
        await press(pilot, "x")
        assert isinstance(app.screen, Menu)
        assert app.screen.heading == "keep backup and 1 more (marked) away from"

    run(script, healthy(), (120, 40))


def test_why_not_is_told_of_what_is_meant() -> None:
    cluster = healthy()
    cluster.order(orders.target_role(cluster.state, "backup", "Stopped").events[0])
    cluster.settle()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.rows.go("backup")
        await press(pilot, "space")
        screen.rows.go("web")
        await press(pilot, "a", "s")
        assert isinstance(app.screen, PreviewScreen)
        assert "start backup" in text(app)

    run(script, cluster, (120, 40))


def test_what_a_menu_would_choose_is_in_sight_whatever_the_size() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "a")
        for width, height in ((20, 5), (60, 12), (120, 40), (30, 7)):
            await pilot.resize_terminal(width, height)
            for _ in range(4):
                await press(pilot, "j")
                (line,) = (line for line in text(app).splitlines() if "> " in line)
                assert isinstance(app.screen, Menu)
                pointed = app.screen.pointed
                assert pointed is not None
                assert pointed.label[:6] in line

    run(script, healthy(), (120, 40))

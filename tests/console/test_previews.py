"""Orders by keys: each previewed, confirmed by its rung of the ladder, given once."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from hanode.events import AttributeSet, CibChanged, FencingIntended, HistoryCleared
from hanode.mgmt import orders
from hatui.app import Hatui
from hatui.cluster.course import LOOK
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from hatui.screens.preview import PreviewScreen
from tests.console.feed import failed, healthy
from tests.console.pressing import press, run
from tests.console.stage import link_of, said, settled, text, until


def test_move_by_keys_with_preview() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j", "m")
        assert isinstance(app.screen, Menu)
        await press(pilot, "1")  # it is there: nothing happens
        assert isinstance(app.screen, Menu)
        await press(pilot, "2")
        assert isinstance(app.screen, PreviewScreen)
        shown = text(app)
        assert ">   └ web         ● started    n2        was on n1" in shown
        order = [shown.index(step) for step in ("stop web on n1", "stop front-ip on n1",
                 "start front-ip on n2", "start web on n2")]  # fmt: skip
        assert order == sorted(order)
        assert "quorum stays 3 of 3" in shown
        assert "hanode resource move front n2" in shown
        assert link_of(app).orders == []
        await press(pilot, "y")
        (order_given,) = link_of(app).orders
        assert isinstance(order_given, CibChanged)
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert isinstance(app.screen, MainScreen)
        shown = text(app)
        assert "held on n2" in shown
        assert "move front to n2: done, 4 steps" in shown

    run(script, healthy())


def test_leaving_the_preview_orders_nothing() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        for leave in ("escape", "q", "n", "backspace"):
            await press(pilot, "2", "S", leave)
            assert isinstance(app.screen, MainScreen)
            assert app.screen.view == "nodes"  # one step back, not two
        await press(pilot, "a", "f", "n", "1", "escape")  # the name is being typed
        assert isinstance(app.screen, MainScreen)
        assert app.screen.view == "nodes"
        assert link_of(app).orders == []

    run(script, healthy())


def test_standby_a_node_and_back() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2", "S")
        shown = text(app)
        assert "put n1 on standby" in shown
        assert "start front-ip on" in shown
        await press(pilot, "2", "1", "tab", "j", "tab", "y")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert "n1 standby" in text(app).splitlines()[0]
        await press(pilot, "S", "y")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert "all well" in text(app).splitlines()[0]

    run(script, healthy())


def test_cleanup_is_l1() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        assert "1 failure" in text(app)
        await press(pilot, "j", "j", "C", "enter")
        await settled(pilot)
        (order,) = link_of(app).orders
        assert isinstance(order, HistoryCleared)
        assert "all well" in text(app).splitlines()[0]

    run(script, failed())


def test_enter_that_is_held_down_orders_nothing() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        app.look = 1000.0
        await press(pilot, "j", "j", "a", "j", "j", "j")
        for _ in range(8):
            await pilot.press("enter")
        await until(pilot, lambda: "look first: this is what would happen" in text(app))
        assert link_of(app).orders == []

    run(script, failed())


def test_fence_wants_the_name_typed() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2", "j", "G", "a")
        await press(pilot, "escape", "g", "h", "h", "a", "f")
        assert isinstance(app.screen, PreviewScreen)
        assert "fence n1" in text(app)
        await press(pilot, *"y", "enter")
        assert link_of(app).orders == []
        assert "that is not its name; type n1" in text(app)
        await press(pilot, "backspace", *"n1", "enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        (order,) = link_of(app).orders
        assert isinstance(order, FencingIntended)
        assert order.target == "n1"

    run(script, healthy())


def test_prod_contexts_want_the_name_for_everything_grave() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "m", "2", "y")
        assert link_of(app).orders == []
        assert "type front" in text(app)

    run(script, healthy(), prod=True)


def test_read_only_orders_nothing() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        assert "READ-ONLY" in text(app)
        await press(pilot, "m", "x", "S", "C", "M")
        assert isinstance(app.screen, MainScreen)
        await press(pilot, "colon", *"fence n1", "enter")
        assert isinstance(app.screen, MainScreen)
        assert link_of(app).orders == []

    run(script, healthy(), readonly=True)


def test_preview_is_made_anew_when_the_state_moves() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        app.look = LOOK
        await press(pilot, "m", "2")
        link_of(app).cluster.fail("backup", "n2", "it died")
        await settled(pilot)
        assert "the cluster has moved on" in text(app)
        await press(pilot, "y")
        assert link_of(app).orders == [], "nobody can have read the new plan yet"
        assert "look first: the cluster has moved on" in text(app)
        await asyncio.sleep(LOOK)  # as long as it takes to read
        await press(pilot, "y")
        assert len(link_of(app).orders) == 1

    run(script, healthy())


def test_a_stale_order_is_refused_and_previewed_again() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "m", "2")
        link = link_of(app)
        assert link.follower is not None
        link.cluster.readers.clear()  # the line is slow: the console does not know yet
        link.cluster.fail("backup", "n2", "it died")
        await press(pilot, "y")
        assert link.orders == []
        assert "moved on before it was taken" in text(app)

    run(script, healthy())


def test_a_range_goes_with_the_cursor_and_escape_takes_it_back() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await press(pilot, "V", "j")
        assert set(screen.marked) == {"resource front"}  # its members go with it
        await press(pilot, "j", "j", "j")
        assert "3 marked to here" in text(app)
        await press(pilot, "k")
        assert "2 marked to here" in text(app)
        await press(pilot, "V", "j", "j")
        assert "2 marked" in text(app)
        assert "to here" not in text(app)
        await press(pilot, "V", "escape")
        assert "2 marked" in text(app)
        await press(pilot, "g", "j", "V", "j", "a", "escape", "U")
        assert "marked" not in text(app)
        assert not screen.ranging

    run(script, healthy())


def test_a_range_is_one_order() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j", "j", "V", "k", "k", "k", "a", "t")
        assert isinstance(app.screen, PreviewScreen)
        assert " likewise" in text(app)
        await press(pilot, "y")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert len(link_of(app).orders) == 1
        assert "marked" not in text(app)

    run(script, healthy())


def test_marks_make_one_order_of_several() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "space", "j", "j", "space")
        assert "2 marked" in text(app)
        await press(pilot, "a", "t")
        assert isinstance(app.screen, PreviewScreen)
        assert " likewise" in text(app)
        await press(pilot, "y")
        (order,) = link_of(app).orders
        assert isinstance(order, CibChanged)  # both in one: neither without the other
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert "marked" not in text(app)
        assert "disabled" in text(app)

    run(script, healthy())


def test_a_switch_goes_one_way_for_all_that_are_marked() -> None:
    """The way of the one under the cursor, else of the first; who is there already is left so."""
    cluster = healthy()
    cluster.order(orders.standby(cluster.state, "n3", True).events[0])
    cluster.settle()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2")
        screen = app.screen
        assert isinstance(screen, MainScreen)
        for name in ("n1", "n2", "n3"):
            screen.rows.go(name)
            await press(pilot, "space")
        await press(pilot, "g", "S")
        assert "put n1 on standby, and n2 and n3 likewise" in text(app)
        await press(pilot, "escape")
        screen.rows.go("n3")
        await press(pilot, "S")
        assert "take n3 off standby, and n1 and n2 likewise" in text(app)
        await press(pilot, "y")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert not [node.name for node in app.moment.overview.nodes if node.standby]

    run(script, cluster, (100, 30))


def test_a_restart_goes_on_when_its_screen_is_left() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        link_of(app).held = True
        await press(pilot, "j", "j", "a", "r", "y")
        assert "goes on by itself" in text(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, MainScreen)
        assert "restart web is under way" in text(app).splitlines()[0]
        await press(pilot, "Q")  # not now: nobody else would start it
        assert "is half done, and nobody goes on with it" in text(app)
        cluster.settle()
        await until(pilot, lambda: len(link_of(app).orders) == 2)
        assert "Stopped" not in cluster.state.cib
        assert "is under way" not in text(app).splitlines()[0]
        cluster.settle()
        await until(pilot, lambda: "restart web: done, 2 steps" in text(app))

    run(script, cluster, (110, 30))


def test_the_second_half_is_given_again_when_the_cluster_has_moved_on() -> None:
    """As the DC decides it: the state of one arrival is history when the order gets there."""
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        link = link_of(app)
        link.held = True
        await press(pilot, "j", "j", "a", "r", "y", "escape")
        link.refusals = ["stale", "unavailable"]
        cluster.settle()
        await until(pilot, lambda: len(link.refusals) == 1)
        for colour in ("red", "blue"):
            cluster.say(AttributeSet("n1", "colour", colour))
            await settled(pilot)
        await until(pilot, lambda: len(link.orders) == 2)
        assert "Stopped" not in cluster.state.cib

    run(script, cluster, (110, 30))


def test_what_is_half_done_and_stays_so_is_told_until_it_is_mended() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        link = link_of(app)
        link.held = True
        await press(pilot, "j", "j", "a", "r", "y", "escape")
        link.refusals = ["forbidden"]
        cluster.settle()
        await until(pilot, lambda: "HALF DONE: restart web" in text(app).splitlines()[0])
        assert "left to do: hanode resource start web" in said(app)
        link.held = False
        await press(pilot, "a", "s", "y")
        await until(pilot, lambda: "HALF DONE" not in text(app).splitlines()[0])

    run(script, cluster, (110, 30))


def test_a_line_that_breaks_in_the_midst_of_a_restart_is_told_of() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        link_of(app).held = True
        await press(pilot, "j", "j", "a", "r", "y", "escape")
        link_of(app).lost(3.0)
        await until(pilot, lambda: "the line is lost, and restart web" in text(app))
        assert "By hand: hanode resource start web" in said(app)
        cluster.settle()
        await settled(pilot)
        assert len(link_of(app).orders) == 1
        link_of(app).back()
        await until(pilot, lambda: len(link_of(app).orders) == 2)

    run(script, cluster, (110, 30))

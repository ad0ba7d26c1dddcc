"""Every key and dialog of the console, pressed by a pilot on a cluster in memory."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from hanode.events import CibChanged, FencingIntended, HistoryCleared
from hatui.app import Hatui
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from hatui.screens.preview import PreviewScreen
from hatui.screens.reader import Reader
from tests.console.feed import Cluster, failed, healthy, outage
from tests.console.pressing import press, run
from tests.console.stage import link_of, settled, text, until


def cursor(app: Hatui) -> str:
    screen = app.screen
    assert isinstance(screen, MainScreen)
    item = screen.rows.item
    return item.key if item else ""


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


def test_faults_only() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "z")
        assert "backup" not in text(app)
        assert "web" in text(app)
        assert "faults only" in text(app)
        await press(pilot, "z", "n")
        assert "backup" in text(app)

    run(script, failed())


def test_detail_is_a_screen_when_small_and_a_pane_when_wide() -> None:
    async def small(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j", "enter")
        assert isinstance(app.screen, Reader)
        shown = text(app)
        assert "no answer on port 8080" in shown
        assert "try: it stopped outside the cluster's orders" in shown
        await press(pilot, "j", "k", "G", "g", "space", "ctrl+d", "ctrl+u", "q")
        assert isinstance(app.screen, MainScreen)

    async def wide(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j")
        shown = text(app)
        assert "password •••" in shown
        assert "hunter2" not in shown
        await press(pilot, "tab", "j", "tab", "w")
        assert "password" not in text(app)

    run(small, failed())
    run(wide, failed(), (140, 45))


def test_why_tells_the_scores() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "e")
        shown = text(app)
        assert "why front-ip is where it is" in shown
        assert "location front-on-n1 gives 20 to n1" in shown
        assert "prefers to stay" in shown
        await press(pilot, "q", "2", "e")
        assert isinstance(app.screen, MainScreen)

    run(script, healthy())


def test_help_and_classic() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "question_mark")
        assert "the picture as crm_mon draws it" in text(app)
        await press(pilot, "escape", "0")
        assert "Current DC: n1" in text(app)
        await press(pilot, "q")

    run(script, healthy())


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
            await press(pilot, "m", "2", leave)
            assert isinstance(app.screen, MainScreen)
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
        await press(pilot, "m", "2")
        link_of(app).cluster.fail("backup", "n2", "it died")
        await settled(pilot)
        assert "the cluster has moved on" in text(app)
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


def test_marks_make_one_order_of_several() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "space", "j", "j", "space")
        assert "2 marked" in text(app)
        await press(pilot, "a", "t")
        assert isinstance(app.screen, PreviewScreen)
        assert "and 1 more" in text(app)
        await press(pilot, "y")
        (order,) = link_of(app).orders
        assert isinstance(order, CibChanged)  # both in one: neither without the other
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert "marked" not in text(app)
        assert "disabled" in text(app)

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


def test_line_lost_is_loud_and_keeps_the_picture() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        link_of(app).lost(12.0)
        await settled(pilot)
        first = text(app).splitlines()[0]
        assert "STALE 12s" in first
        assert "trying n2" in first
        assert "front" in text(app)
        link_of(app).back()
        await settled(pilot)
        assert "STALE" not in text(app)

    run(script, healthy())


def test_freeze_holds_the_picture_and_counts() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "p")
        link_of(app).cluster.lose("n3")
        await settled(pilot)
        assert "FROZEN +1" in text(app)
        assert "n3 lost" not in text(app).splitlines()[0]
        await press(pilot, "p")
        assert "n3 lost" in text(app).splitlines()[0]

    run(script, healthy())


def test_an_outage_is_told_from_loss_to_recovery() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        assert "n3 fencing" in text(app).splitlines()[0]
        link_of(app).cluster.fence("n3")
        link_of(app).cluster.settle()
        await settled(pilot)
        await press(pilot, "5")
        shown = text(app)
        assert "n3 lost: no heartbeat from it is heard any more" in shown
        assert "n3 must be fenced: heartbeats are missing" in shown
        assert "n3 is fenced by n1 with fence-n3: power verified off, after 620 ms" in shown
        await press(pilot, "7")
        assert "reboot by n1 after 620 ms (power-verified)" in text(app)

    run(script, outage(), (110, 30))


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


def test_any_size_down_to_40x10_is_drawn() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        for size in ((40, 10), (200, 50), (20, 5), (119, 39), (120, 40), (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            await press(pilot, "j", "m", "2", "escape", "a", "escape", "question_mark", "q")
            assert len(text(app).splitlines()) <= size[1]

    run(script, outage())


def test_a_configuration_that_cant_be_read_is_said() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        shown = text(app)
        assert "no picture: see below" in shown
        assert "the configuration can't be read" in shown
        await press(pilot, "j", "m", "a", "2", "0", "q", "5")
        assert "was founded" in text(app)

    cluster = Cluster()
    cluster.state.cib = "<foo/>"  # no log leads there; a console survives it all the same
    run(script, cluster)

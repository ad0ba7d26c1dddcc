"""Screens that are read: detail, why, help, the classic picture."""

from __future__ import annotations

from textual.pilot import Pilot

from hanode.events import HistoryCleared
from hatui.app import Hatui
from hatui.screens.main import MainScreen
from hatui.screens.reader import Reader
from tests.console.feed import failed, healthy
from tests.console.pressing import press, run
from tests.console.stage import settled, text, until


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


def test_what_goes_while_it_is_read_is_said_to_be_gone() -> None:
    cluster = failed()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "4", "enter")
        assert "no answer on port 8080" in text(app)
        cluster.say(HistoryCleared("web"))
        await settled(pilot)
        assert "it is here no more" in text(app)
        assert "no answer on port 8080" not in text(app)

    run(script, cluster)


def test_a_heading_is_described_too_and_opened_where_nothing_hangs_on_it() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "B", "d")
        assert isinstance(app.screen, Reader)
        assert "the view is n1 n2 n3" in text(app)
        await press(pilot, "q", "6")
        assert isinstance(app.screen, MainScreen)

    run(script, healthy())


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


def test_what_is_read_keeps_up_and_tells_of_trouble_meanwhile() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "enter")
        assert "why here" in text(app)
        assert "n3" not in text(app).splitlines()[0]
        cluster.lose("n3")
        cluster.intend("n3")
        await settled(pilot)
        await until(pilot, lambda: "asking the policy engine" not in text(app))
        assert "✖ n3 fencing" in text(app).splitlines()[0]

    run(script, cluster)

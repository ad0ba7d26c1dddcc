"""`e`: why a resource is where it is; how a failure came, and went."""

from __future__ import annotations

from textual.pilot import Pilot

from hanode.events import Alarm
from hatui.app import Hatui
from hatui.screens.main import MainScreen
from hatui.screens.reader import Reader
from tests.console.feed import failed, healthy, outage
from tests.console.pressing import press, run
from tests.console.stage import link_of, said, settled, text, until


def test_the_smallest_change_that_would_move_it() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "e")
        await until(pilot, lambda: "The smallest single change" in text(app) or _more(app))
        await press(pilot, "G")
        shown = text(app)
        assert "The smallest single change that would move it" in shown
        await press(pilot, "q")

    def _more(app: Hatui) -> bool:
        screen = app.screen
        assert isinstance(screen, Reader)
        return any("smallest" in s.text for line in screen.query_one("#text").lines for s in line)  # type: ignore[attr-defined]

    run(script, failed(), (110, 30))


def test_a_failure_leads_to_its_chain() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "4", "e")
        shown = text(app)
        assert "from cause to recovery: web" in shown
        assert "web answers on n1" in shown
        assert "where the time went" in shown
        await press(pilot, "q")
        assert isinstance(app.screen, MainScreen)

    run(script, failed(), (110, 30))


def test_the_chain_of_an_outage_grows_while_it_is_looked_at() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "7", "e")
        shown = text(app)
        assert "n3 is heard for the last time" in shown
        assert "nothing answers again yet" in shown
        link_of(app).cluster.fence("n3")
        await settled(pilot)
        assert "n3 is fenced by n1" in text(app)
        await press(pilot, "q", "5", "e")
        assert "from cause to recovery" in text(app)

    run(script, outage(), (110, 30))


def test_an_alarm_leads_to_its_chain_and_no_key_fails_on_it() -> None:
    cluster = healthy()
    cluster.say(Alarm("fencing n3", "3 attempts in 30 minutes failed; an operator must look"))

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "4", "g", "e")
        assert "from cause to recovery: fencing n3" in text(app)
        assert "an operator must look" in text(app)
        await press(pilot, "escape")
        for key in ("enter", "c", "b", "V", "o", "C", "m", "S", "a", "u", "space"):
            await press(pilot, key, "escape", "4", "g")
        assert app.is_running
        assert "AttributeError" not in said(app)
        assert link_of(app).orders == []

    run(script, cluster)

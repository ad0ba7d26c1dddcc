"""What comes, or fails to come, while the screen is looked at."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.cluster.moment import Moment
from hatui.cluster.wire import Wire
from tests.console.feed import Cluster, healthy, outage, pulse_of
from tests.console.pressing import press, run
from tests.console.stage import link_of, settled, text


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


def test_a_monitor_near_its_timeout_is_seen_in_the_tree_and_the_header() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        link = link_of(app)
        assert link.follower is not None
        assert "takes" not in text(app)
        slow = {"web.monitor_1000": {"exec_ms": 7_000.0, "queue_ms": 0.0, "rc": 0.0}}
        link.follower.take(replace(pulse_of(link.cluster, "n1"), drift=slow))
        await settled(pilot)
        lines = text(app).splitlines()
        assert "web slow" in lines[0]
        assert any("web" in line and "monitor takes 70% of its timeout" in line for line in lines)
        well = {"web.monitor_1000": {"exec_ms": 70.0, "queue_ms": 0.0, "rc": 0.0}}
        link.follower.take(replace(pulse_of(link.cluster, "n1"), drift=well))
        await settled(pilot)
        assert "web slow" not in text(app)

    run(script, healthy(), size=(140, 30))


def test_why_no_node_answers_is_told_in_the_empty_screen() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        follower = link_of(app).follower
        assert follower is not None
        app.moment = Moment()
        far = "ops@db1.example.net:5566: its host key is not the one that is known; see known_hosts"
        follower.set_wire(Wire(why=far))
        await settled(pilot)
        lines = text(app).splitlines()
        assert "not connected" in lines[0]
        assert "no node has answered yet: ops@db1.example.net:5566: its host key" in lines[3]
        assert "known_hosts" in lines[4]
        await press(pilot, "2")
        assert "no node has answered yet" in text(app)

    run(script, healthy())

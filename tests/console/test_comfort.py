"""Comfort: copy, follow, what is kept between runs, themes that change while it runs."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
from pathlib import Path

import pytest
from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.clipboard import copy
from hatui.cluster.beliefs import Word
from hatui.remembered import keep, recall
from hatui.screens.classic import Classic
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from hatui.screens.reader import Reader
from hatui.themes import DEFAULT
from tests.console.feed import failed, healthy, pulse_of
from tests.console.pressing import cursor, press, run
from tests.console.stage import link_of, settled, stage, text


def main_screen(app: Hatui) -> MainScreen:
    screen = app.screen_stack[1]
    assert isinstance(screen, MainScreen)
    return screen


def test_osc_52_without_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    written: list[str] = []
    assert "OSC 52" in copy("web\nn1", written.append)
    assert written == [f"\x1b]52;c;{base64.b64encode(b'web' + bytes([10]) + b'n1').decode()}\x07"]
    assert "too long" in copy("x" * 80_000, written.append)
    assert len(written) == 1


@pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux: apt-get install tmux")
def test_in_tmux_with_default_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    socket = str(tmp_path / "tmux")
    tmux = ["tmux", "-f", "/dev/null", "-S", socket]
    subprocess.run([*tmux, "new-session", "-d", "sleep 60"], check=True)
    try:
        monkeypatch.setenv("TMUX", f"{socket},1,0")
        assert "tmux" in copy("as it is: [b]é[/b]", lambda text: pytest.fail("no OSC 52"))
        shown = subprocess.run([*tmux, "show-buffer"], capture_output=True, text=True, check=True)
        assert shown.stdout == "as it is: [b]é[/b]"
    finally:
        subprocess.run([*tmux, "kill-server"], check=True)


def test_copy_offers_what_there_is() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j", "c")
        assert isinstance(app.screen, Menu)
        assert "its name" in text(app)
        await press(pilot, "n")
        assert isinstance(app.screen, MainScreen)

    run(script, failed())


def test_follow_goes_where_something_happens() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "F")
        assert "following" in text(app)
        cluster.fail("backup", "n2", "gone")
        await settled(pilot)
        assert cursor(app) == "backup"
        await press(pilot, "F", "g")
        cluster.fail("backup", "n2", "gone again")
        await settled(pilot)
        assert cursor(app) == "front"

    run(script, cluster)


def test_sort_and_sideways() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "o")
        assert "worst first" in text(app)
        await press(pilot, "o")
        assert text(app).splitlines()[2].lstrip().startswith("backup")
        await press(pilot, "o", "o")
        before = text(app)
        await press(pilot, "greater_than_sign")
        assert "ocf:hanode:Dummy" not in text(app)
        await press(pilot, "less_than_sign")
        assert text(app) == before

    run(script, healthy())


def test_blast_radius_in_full() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2", "b")
        assert isinstance(app.screen, Reader)
        assert "move: front-ip web" in text(app)
        await press(pilot, "q", "1", "j", "j", "b")
        assert "moves if n1 is lost" in text(app)

    run(script, healthy())


def test_losses_of_an_earlier_state_are_not_told() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        assert "any node may fail" in text(app)
        app.patience = 60.0
        cluster.lose("n3")
        follower = link_of(app).follower
        assert follower is not None
        while not follower.idle:
            await pilot.pause()
        assert "any node may fail" not in text(app)

    run(script, cluster)


def test_classic_letters() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "0")
        assert isinstance(app.screen, Classic)
        assert "Full List of Resources:" in text(app)
        await press(pilot, "r")
        assert "Active Resources:" in text(app)
        await press(pilot, "D")
        assert "Cluster Summary:" not in text(app)
        await press(pilot, "question_mark")
        assert "fencing history, 0 to 3" in text(app)
        await press(pilot, "q", "n", "o", "t", "A", "b", "R", "c", "f", "L", "m", "m", "m", "m")
        assert "Node List:" in text(app)
        await press(pilot, "q")
        assert isinstance(app.screen, MainScreen)

    run(script, failed())


def test_nodes_are_asked_only_while_somebody_looks() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        assert link_of(app).asked_around == 0
        await press(pilot, "B")
        assert link_of(app).asked_around >= 1
        assert "who believes what" in text(app)

    run(script, cluster)


def test_a_node_that_is_not_heard_any_more_is_drawn_so_at_once() -> None:
    """No entry of the log tells of it: the pulse alone does."""
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2")
        assert "not heard" not in text(app)
        follower = link_of(app).follower
        assert follower is not None
        follower.take(pulse_of(cluster, "n1", hears=("n1",)))
        await settled(pilot)
        assert "not heard" in text(app)
        assert "if lost" not in text(app)

    run(script, cluster)


def test_what_a_node_said_before_it_fell_silent_is_not_kept() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        app.around = {"n3": Word("n3", pulse_of(cluster, "n3"))}
        await press(pilot, "B")
        assert "n3" not in app.around

    run(script, cluster)


def test_telemetry_that_changes_is_drawn() -> None:
    cluster = healthy()

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "B")
        pulse = pulse_of(cluster, "n1")
        pulse.peers["n2"]["loss"] = 0.25
        follower = link_of(app).follower
        assert follower is not None
        follower.take(pulse)
        await settled(pilot)
        assert "loss 25%" in text(app)

    run(script, cluster)


def test_what_is_kept_between_two_runs() -> None:
    kept: dict[str, object] = {}

    async def first(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2", "o", "w", "h")
        kept.update(main_screen(app).remember())

    async def second(pilot: Pilot[int], app: Hatui) -> None:
        screen = main_screen(app)
        screen.recall(kept)
        await settled(pilot)
        assert screen.view == "nodes"
        assert "worst first" in text(app)
        assert not screen.pane_wanted
        screen.recall({"view": "nonsense", "orders": 7, "folds": {"nodes": [1]}})
        assert screen.view == "nodes"

    run(first, healthy())
    run(second, healthy())


def test_the_file_of_what_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state.json"
    assert recall("prod", file) == {}
    keep("prod", {"view": "nodes"}, file)
    for number in range(30):
        keep(f"c{number}", {}, file)
    assert recall("prod", file) == {}
    keep("prod", {"view": "events"}, file)
    assert recall("prod", file) == {"view": "events"}
    file.write_text("{not json")
    assert recall("prod", file) == {}


THEME = Path(__file__).parent.parent.parent / "themes" / "hatui-light.toml"


def test_a_users_theme_is_worn_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / ".config" / "hatui" / "themes"
    own.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    (own / "mine.toml").write_text(THEME.read_text().replace("hatui-light", "mine"))

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        app.action_theme("mine")
        await settled(pilot)
        before = app.inks.styles["good"]
        changed = (own / "mine.toml").read_text().replace('good    = "', 'good    = "bold ')
        (own / "mine.toml").write_text(changed)
        app._look_again()
        assert app.inks.styles["good"] != before
        (own / "mine.toml").write_text("name = ")
        app._look_again()
        await settled(pilot)
        assert app.theme_problems

    run(script, healthy())


def test_a_theme_that_is_not_there_is_told_of_and_the_usual_one_worn() -> None:
    async def play() -> None:
        app = stage(healthy(), theme="nonsense")
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await settled(pilot)
            assert app.theme == DEFAULT
            assert "no theme is called 'nonsense'" in text(app)

    asyncio.run(play())

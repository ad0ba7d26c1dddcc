"""The main views on what the simulator's nodes tell, calm, amid a failure and in a split."""

from __future__ import annotations

import asyncio

import pytest

from hanode.mgmt.protocol import Entries, StateImage
from hanode.state import ClusterState
from hatui.cluster.incident import unpacked
from hatui.cluster.past import Past
from tests.console.scenes import PAGES, Page, draw
from tests.console.simulated import FAILING, SCENES, Scene, played, recorded, stage
from tests.console.stage import settled, text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file.stem)
def test_every_view(page: Page) -> None:
    assert draw(page) == page.file.read_text()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_recorded_scene_is_whole(scene: Scene) -> None:
    """Its entries are signed, chained, and end in the state that it shows."""
    past = Past()
    log = next(one for one in recorded(scene) if isinstance(one, Entries))
    image = next(one for one in recorded(scene) if isinstance(one, StateImage))
    past.anchor(ClusterState())
    if log.entries[0].index > 1:
        past = unpacked(scene.file.read_bytes())
    else:
        past.earlier(log.entries)
    state = past.state_at(image.position.index)
    assert state is not None
    assert not past.breaks
    assert state == ClusterState.unpack(image.state)  # fields that are new since have defaults


def test_a_console_in_the_simulator_of_today() -> None:
    """The seed played anew: every view can be drawn of what each of its nodes tells."""
    for answers in played(FAILING).values():
        asyncio.run(_walk_through(answers))


async def _walk_through(answers: list[object]) -> None:
    app = stage(answers)
    async with app.run_test(size=(120, 40)) as pilot:
        for key in ("1", "2", "3", "4", "5", "6", "7", "8", "B"):
            await pilot.press(key)
            await settled(pilot)
            assert "no picture" not in text(app)
            assert "n2" in text(app)

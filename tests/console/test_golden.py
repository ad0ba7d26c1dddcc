"""The whole screen, as it was looked at and found good."""

from __future__ import annotations

import asyncio

import pytest

from tests.console.feed import failed
from tests.console.golden import FOLDER, SHOTS, Shot, draw
from tests.console.stage import play, stage


@pytest.mark.parametrize("shot", SHOTS, ids=[shot.name for shot in SHOTS])
def test_screen(shot: Shot) -> None:
    drawn = draw(shot)
    assert drawn == (FOLDER / f"{shot.name}.txt").read_text()
    if shot.ascii_only:
        assert drawn.isascii()


def test_every_picture_has_a_shot() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == {shot.name for shot in SHOTS}


def test_a_picture_is_the_same_each_time() -> None:
    first, second = (asyncio.run(play(stage(failed()), ["j"], (80, 24))) for _ in range(2))
    assert first == second
    assert first.startswith("<svg")

"""Keys that the user has bound anew, and what is said of a file that means nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hatui.keymap import user_keys
from tests.console.feed import healthy
from tests.console.pressing import press
from tests.console.stage import settled, stage, text


def bound(tmp_path: Path, said: str) -> tuple[dict[str, str], str]:
    file = tmp_path / "keys.toml"
    file.write_text(said)
    return user_keys(str(file))


def test_a_key_bound_anew_works_and_the_old_one_does_not(tmp_path: Path) -> None:
    async def play() -> None:
        app = stage(healthy())
        app.user_keys, problem = bound(tmp_path, '[hatui]\nnodes = "f6"\n')
        assert not problem
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            await press(pilot, "2")
            assert "what it runs" not in text(app)
            await press(pilot, "f6")
            assert "what it runs" in text(app)
            await press(pilot, "question_mark")
            assert any(line.split()[:2] == ["f6", "nodes"] for line in text(app).splitlines())

    asyncio.run(play())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('nonsense = "f6"', "unknown: nonsense; known: "),
        ("[hatui", "can't be read"),
        ('hatui = "f6"', "is no table"),
    ],
)
def test_what_is_wrong_with_it_is_said(said: str, told: str, tmp_path: Path) -> None:
    found, problem = bound(tmp_path, said)
    assert found == {}
    assert told in problem


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert user_keys(str(tmp_path / "none")) == ({}, "")

"""Keys that the user has bound anew, and what is said of a file that means nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hatui.keymap import MAIN
from hatui.rebinding import SCREENS, keys_of, user_keys
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
        ("move = 5", "move = 5: give the name of a key in quotes"),
        ('ban = "ctrl+banana"', "no key is called 'ctrl+banana'"),
        ('move = ""', "move = '': no key"),
    ],
)
def test_what_is_wrong_with_it_is_said(said: str, told: str, tmp_path: Path) -> None:
    found, problem = bound(tmp_path, said)
    assert found == {}
    assert told in problem


def test_what_two_want_or_nobody_does_any_more_is_said(tmp_path: Path) -> None:
    found, problem = bound(tmp_path, 'move = "f6"\nban = "f6"\nnodes = "e"\nfirst = "j"\n')
    assert len(found) == 4
    assert "'f6' is given to move and to ban" in problem
    assert "nodes takes the only key of why" in problem
    assert "down" not in problem, "it still has its arrow"


def test_a_sign_may_be_written_as_itself_and_is_shown_so(tmp_path: Path) -> None:
    async def play() -> None:
        app = stage(healthy())
        app.user_keys, problem = bound(tmp_path, 'move = "="\nnodes = "f6"\n')
        assert not problem
        async with app.run_test(size=(100, 30)) as pilot:
            await settled(pilot)
            assert " = move " in text(app)
            assert " f6 Nodes " in text(app)
            await press(pilot, "=")
            assert "move front to" in text(app)
            await press(pilot, "escape")
            await pilot.click("#keys", offset=(4, 0))
            await settled(pilot)
            assert "move front to" in text(app)

    asyncio.run(play())


def test_help_names_each_key_as_people_know_it() -> None:
    for screen in SCREENS:
        for key in screen:
            said = "  ".join(keys_of(key, {}))
            assert len(said) <= 18 or screen is not MAIN, key
            assert "_" not in said, key
            assert said.isprintable(), key
            assert not {"minus", "plus", "slash"}.intersection(said.split()), key


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert user_keys(str(tmp_path / "none")) == ({}, "")

"""Mistakes in a CIB are answered in words that name the element, and a decision all the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from hanode.simulate import main

sys.path.insert(0, str(Path(__file__).parent))

from mistakes import MISTAKES, Mistake


def told(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> str:
    assert main([str(path), "--now", "1700000000", *options]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.name for mistake in MISTAKES])
def test_is_answered(mistake: Mistake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cib.xml"
    path.write_text(mistake.cib())
    text = told(capsys, path)
    decision = json.loads(told(capsys, path, "--json"))
    assert decision["summary"]
    if mistake.says:
        assert mistake.says in text.partition("Warnings:")[2]
        assert any(mistake.says in warning for warning in decision["warnings"])


def test_a_sound_cib_has_no_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cib.xml"
    path.write_text(Mistake("none", "options", "", "").cib())
    assert not json.loads(told(capsys, path, "--json"))["warnings"]

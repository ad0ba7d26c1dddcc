"""`hanode secret`: kept for its owner alone, and never shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from hanode.__main__ import main

Capture = pytest.CaptureFixture[str]


def hanode(folder: Path, *words: str) -> int:
    return main(["--config", str(folder / "hanode.toml"), "secret", *words])


def test_a_secret_is_kept_listed_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hunter2\n"))
    assert hanode(tmp_path, "set", "bmc") == 0
    kept = tmp_path / "secrets" / "bmc"
    assert kept.read_text() == "hunter2\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert hanode(tmp_path, "list") == 0
    shown = capsys.readouterr()
    assert shown.out.endswith("bmc\n")
    assert "hunter2" not in shown.out + shown.err
    assert hanode(tmp_path, "remove", "bmc") == 0
    assert not kept.exists()
    assert hanode(tmp_path, "remove", "bmc") == 1


@pytest.mark.parametrize(
    ("name", "value"), [("../x", "v"), ("a/b", "v"), ("ok", ""), ("ok", "two\nlines")]
)
def test_what_is_no_secret_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(value))
    assert hanode(tmp_path, "set", name) in (64, 65)
    assert not (tmp_path / "secrets").exists()


def test_one_that_was_cut_off_is_in_nobody_s_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / ".bmc.new").write_text("hun")
    monkeypatch.setattr("sys.stdin", io.StringIO("hunter2\n"))
    assert hanode(tmp_path, "set", "bmc") == 0
    assert (tmp_path / "secrets" / "bmc").read_text() == "hunter2\n"

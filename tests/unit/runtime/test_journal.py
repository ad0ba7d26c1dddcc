"""The node's log: one printable line each, of bounded size."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hanode.runtime import journal
from hanode.runtime.flight import FlightRecorder


def test_a_line(tmp_path: Path) -> None:
    descriptor = journal.open_log(tmp_path / "log")
    journal.Journal("crm", descriptor).warning("bad request", who="ann", why="two words")
    os.close(descriptor)
    line = (tmp_path / "log").read_text()
    assert line.endswith('warning crm       bad request who=ann why="two words"\n')


def test_what_a_stranger_says_can_t_forge_a_line() -> None:
    line = journal.format_line(0.0, "info", "crm", "x", {"user": "a\n2026 error \x1b[2J"})
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert len(journal.format_line(0.0, "info", "crm", "y" * 10_000, {})) <= 4001


def test_a_long_log_is_moved_aside_and_writers_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LIMIT", 100)
    path = tmp_path / "log"
    descriptor = journal.open_log(path)
    os.write(descriptor, b"x" * 200)
    journal.rotate(path)
    os.write(descriptor, b"after\n")
    os.close(descriptor)
    assert path.read_bytes() == b"after\n"
    assert (tmp_path / "log.1").read_bytes() == b"x" * 200


def test_a_log_that_can_t_be_moved_aside_is_kept_with_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LIMIT", 100)
    path, earlier = tmp_path / "log", tmp_path / "log.1"
    path.write_bytes(b"x" * 200)
    earlier.write_bytes(b"earlier")
    (tmp_path / "log.1.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        journal.rotate(path)
    assert path.read_bytes() == b"x" * 200
    assert earlier.read_bytes() == b"earlier"
    assert not (tmp_path / "log.1.new").is_symlink()


def test_a_flight_record_tells_the_last_steps(tmp_path: Path) -> None:
    recorder = FlightRecorder(tmp_path, "crm")
    for n in range(1000):
        recorder.told(float(n), f"input {n}")
        recorder.wanted([f"effect {n}"])
    recorder.told(1000.0, "the last")
    path = recorder.write(AssertionError("two DCs"))
    assert path is not None
    text = path.read_text()
    assert "AssertionError: two DCs" in text
    assert "effect 999" in text
    assert "(it did not end)" in text
    assert "'input 999'" in text
    assert "'input 10'" not in text

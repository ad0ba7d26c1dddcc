"""What a node can't do without is on disk, with its name in its folder, before anything counts on
it: a token of `hanode join` is good for once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hanode.runtime import keys, layout
from hanode.runtime.config import Address, Link
from hanode.runtime.term_file import TermFile


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, int]]:
    """Which files and folders were brought to the disk, and what had become of them by then."""
    told: list[tuple[Path, int]] = []
    plain = os.fsync

    def fsync(descriptor: int) -> None:
        plain(descriptor)
        told.append((Path(os.readlink(f"/proc/self/fd/{descriptor}")), os.fstat(descriptor).st_ino))

    monkeypatch.setattr(os, "fsync", fsync)
    return told


def on_disk(synced: list[tuple[Path, int]], path: Path) -> bool:
    """Its content first, then its name."""
    numbers = [number for _, number in synced]
    own, folder = path.stat().st_ino, path.parent.stat().st_ino
    return own in numbers and folder in numbers[numbers.index(own) :]


def test_the_settings(tmp_path: Path, synced: list[tuple[Path, int]]) -> None:
    link = Link("unicast", Address("127.0.0.1", 694))
    path = tmp_path / "hanode.toml"
    wish = layout.Wish("n1", (link,), Address("127.0.0.1", 5566), path, relocated=True)
    layout.write_config(wish)
    assert on_disk(synced, path)
    synced.clear()
    layout.take_timing(wish, {"deadtime": 2.0})
    assert on_disk(synced, path)


def test_the_keys(tmp_path: Path, synced: list[tuple[Path, int]]) -> None:
    keys.create(tmp_path / "identity")
    assert on_disk(synced, tmp_path / "identity")


def test_the_file_of_the_term(tmp_path: Path, synced: list[tuple[Path, int]]) -> None:
    file = TermFile(tmp_path / "lrm-term")
    os.close(file._descriptor)
    assert on_disk(synced, tmp_path / "lrm-term")

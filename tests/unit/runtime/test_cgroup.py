"""Cgroups of resources: one for each that runs, none for what ran once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.runtime.cgroup import Cgroups


@pytest.mark.parametrize(
    ("one", "other"), [("web:0", "web_0"), (".web", "web"), ("/a/b_c", "/a/b/c"), ("..", "__")]
)
def test_no_two_resources_share_one(tmp_path: Path, one: str, other: str) -> None:
    cgroups = Cgroups(tmp_path)
    homes = [cgroups.of(one), cgroups.of(other)]
    assert homes[0] != homes[1]
    assert [home.parent for home in homes if home] == [tmp_path, tmp_path]


def test_what_is_empty_goes_and_comes_back_when_it_is_wanted(tmp_path: Path) -> None:
    """A folder of any kind can be removed only when nothing is in it."""
    (tmp_path / "of-a-former-life").mkdir()
    cgroups = Cgroups(tmp_path)
    web, database = cgroups.of("web"), cgroups.of("database")
    assert web is not None
    assert database is not None
    (database / "process").touch()
    cgroups.tidy()
    assert [home.name for home in tmp_path.iterdir()] == ["database"]
    assert cgroups.of("web") == web
    assert web.is_dir()
    (database / "process").unlink()
    cgroups.end()
    assert not tmp_path.exists()

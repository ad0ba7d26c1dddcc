"""A cluster that begins with a configuration from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.__main__ import main
from tests.unit.runtime.test_writer import files_of_at_most

RULE = (
    '<rule id="r" score="0"><date_expression id="e" operation="gt" start="2026-01-01"/></rule>'
    '<nvpair id="p" name="stonith-enabled" value="false"/>'
)


def begin(folder: Path, options: str) -> int:
    file = folder / "cib.xml"
    sets = f'<cluster_property_set id="s">{options}</cluster_property_set>'
    file.write_text(
        f"<cib><configuration><crm_config>{sets}</crm_config><nodes/><resources/><constraints/>"
        "</configuration></cib>"
    )
    where = ["--dir", str(folder / "n1"), "--node", "n1", "--link", "127.0.0.1:7694"]
    return main(["init", *where, "--cib", str(file)])


def test_what_its_author_may_not_expect_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert begin(tmp_path, RULE) == 0
    assert "stonith-enabled" in (told := capsys.readouterr().err)
    assert "it is true at all times" in told


def test_what_is_no_configuration_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cluster began with an empty one, and nobody was told."""
    assert begin(tmp_path, "<") == 64
    assert "line 1" in capsys.readouterr().err
    assert not (tmp_path / "n1" / "hanode.toml").exists()


def test_what_comes_to_nothing_can_be_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["init", "--dir", str(tmp_path / "n1"), "--node", "n1", "--link", "127.0.0.1:694"]
    (tmp_path / "n1").mkdir()
    for name in ("trusted", "state"):
        (tmp_path / "n1" / name).write_text("in the way")
        assert main(argv) == 78
        (tmp_path / "n1" / name).unlink()
    with files_of_at_most(2000):
        assert main(argv) == 78
    assert "log" in capsys.readouterr().err
    assert main(argv) == 0

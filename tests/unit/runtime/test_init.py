"""A cluster that begins with a configuration from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.__main__ import main

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

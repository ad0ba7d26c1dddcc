"""`hanode simulate` from outside: what it prints, how it refuses, that chance has no part."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hanode.simulate import main

CASES = Path(__file__).parent / "cases"
GOOD = CASES / "lost-node" / "cib.xml"


def test_text_names_what_happens_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(GOOD), "--now", "1700000000"]) == 0
    printed = capsys.readouterr().out
    assert "Fence (reboot) n2  because peer is no longer part of the cluster" in printed
    assert "web (ocf:hanode:Dummy): Started n3" in printed


def test_json_speaks_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(GOOD), "--json", "--now", "1700000000"]) == 0
    decision = json.loads(capsys.readouterr().out)
    assert {"summary", "actions", "orderings", "after"} <= decision.keys()
    assert decision["after"]["nodes"]["n2"] == "offline"
    assert decision["after"]["resources"]["web"] == [["Started", "n3"]]


def test_why_lists_every_node(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(GOOD), "--why", "web", "--now", "1700000000"]) == 0
    printed = capsys.readouterr().out
    assert "* n3" in printed
    assert "n1" in printed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("<cib>", "line 1"),
        ("<cib/>", "configuration"),
        ("<html/>", "<cib>"),
        ('<!DOCTYPE cib [<!ENTITY a "b">]>\n<cib/>', "DOCTYPE"),
        ("<cib>" * 80 + "</cib>" * 80, "nested"),
    ],
)
def test_bad_input_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    path = tmp_path / "cib.xml"
    path.write_text(text)
    assert main([str(path)]) == 65
    complaint = capsys.readouterr().err
    assert says in complaint
    assert "Traceback" not in complaint


def test_a_missing_file_is_another_matter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["/nowhere/cib.xml"]) == 66
    assert "/nowhere/cib.xml" in capsys.readouterr().err


def test_what_is_odd_is_warned_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.read_text().replace(
        "<constraints></constraints>",
        '<constraints><rsc_order id="o" first="nobody" then="web"/></constraints>',
    )
    path = tmp_path / "cib.xml"
    path.write_text(text)
    assert main([str(path), "--now", "1700000000"]) == 0
    assert 'order "o" names "nobody"' in capsys.readouterr().out


def test_the_hash_seed_changes_nothing() -> None:
    command = [sys.executable, "-m", "hanode.simulate", "--json", "--now", "1700000000"]
    command += [str(path) for path in sorted(CASES.glob("*/cib.xml"))]
    answers = {
        subprocess.run(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1

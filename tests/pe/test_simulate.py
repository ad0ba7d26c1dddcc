"""`hanode simulate` from outside: what it prints, how it refuses, that chance has no part."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hanode.simulate import main

CASES = Path(__file__).parent / "cases"
TOLD = Path(__file__).parent / "told"
GOOD = CASES / "lost-node" / "cib.xml"


def told(folder: Path) -> tuple[str, str]:
    """What a golden file asks for, and what is told."""
    head = folder.read_text().partition("\n\n")[0]
    case, *options = head.splitlines()[1].removeprefix("$ hanode simulate ").split()
    path = CASES / case / "cib.xml"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([str(path), "--now", "1700000000", *options]) == 0
    return head, out.getvalue()


@pytest.mark.parametrize("name", sorted(path.stem for path in TOLD.glob("*.txt")))
def test_golden(name: str) -> None:
    """`python tests/pe/test_simulate.py` writes these anew; read the difference."""
    path = TOLD / f"{name}.txt"
    head, text = told(path)
    assert path.read_text() == f"{head}\n\n{text}"


def test_json_speaks_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(GOOD), "--json", "--now", "1700000000"]) == 0
    decision = json.loads(capsys.readouterr().out)
    assert {"summary", "actions", "orderings", "after"} <= decision.keys()
    assert decision["after"]["nodes"]["n2"] == "offline"
    assert decision["after"]["resources"]["web"] == [["Started", "n3"]]


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


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--node-fail", "n9"], "there are n1, n2, n3"),
        (["--op-inject", "wob_monitor_0@n1=0"], 'no resource "wob"; did you mean "web"?'),
        (["--op-inject", "web_monitor@n1=0"], "give RESOURCE_TASK_INTERVAL@NODE=RC"),
        (["--op-fail", "web", "--run"], "give RESOURCE_TASK_INTERVAL@NODE=RC"),
        (["--quorum", "maybe"], "neither 1 nor 0"),
        (["--why", "wob"], 'no resource "wob"; did you mean "web"?'),
        (["--now", "teatime"], "not a time"),
        (["--now", "nan"], "not a time"),
        (["--now", "1e30", "--run"], "not a time"),
    ],
)
def test_an_impossible_wish_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    assert main([str(GOOD), *options]) == 64
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--op-fail web_start_0@n1=1", "give --run, too"),
        ("--json --run", "--run is told in words, and --json leaves none"),
        ("--why web --scores", "--scores is told in words, and --why leaves none"),
        ("--dot - --json", "--json and --dot - exclude each other"),
    ],
)
def test_nothing_is_accepted_and_then_ignored(
    capsys: pytest.CaptureFixture[str], line: str, says: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(GOOD), *line.split()])
    assert end.value.code == 64
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0), (["--scores"], 0), (["--run"], 0), (["--why", "web"], 0), (["--dot", "-"], 0),
        (["--json"], 0), (["--why", "wob"], 64),
    ],
)  # fmt: skip
def test_names_do_nothing_to_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int
) -> None:
    path = tmp_path / "cib.xml"
    path.write_text(GOOD.read_text().replace("n2", "n&#x9b;31m&#x202e;2&#10;x"))
    assert main([str(path), "--now", "1700000000", *options]) == code
    out, err = capsys.readouterr()
    assert not set(out + err) & set("\x9b\u202e")
    assert not [line for line in (out + err).splitlines() if line.startswith("x")]


@pytest.mark.parametrize("argv", [[], ["--live", "cib.xml"], ["cib.xml", "--inject", "rain=1"]])
def test_a_command_line_without_meaning_is_usage(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 64


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


def rewrite() -> None:
    for path in sorted(TOLD.glob("*.txt")):
        head, text = told(path)
        path.write_text(f"{head}\n\n{text}")


if __name__ == "__main__":
    rewrite()

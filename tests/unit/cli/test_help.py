"""Every verb says what it is for, on any machine."""

from __future__ import annotations

import pytest

from hanode.__main__ import VERBS, main


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(["--config", "/nowhere/hanode.toml", verb, "--help"])
    except SystemExit as end:
        status = int(end.code or 0)
    said = capsys.readouterr().out
    assert status == 0
    assert said.startswith("usage: hanode ")
    assert verb in said.splitlines()[0]


@pytest.mark.parametrize("noun", ["resource", "node", "constraint", "fence", "cib", "ticket"])
def test_so_has_every_noun_that_is_asked_by_a_word(
    noun: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", "/nowhere/hanode.toml", noun, "help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: hanode {noun} VERB")
